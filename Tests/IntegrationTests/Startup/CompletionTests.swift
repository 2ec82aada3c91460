import Foundation
import TestSupport
import Testing

@Suite("Shell completions", .mostlyWaits) struct CompletionTests {
  /// The directory of the completions.
  private let files: TemporaryDirectory

  init() throws {
    files = try TemporaryDirectory()
    let ending = try Run([completions, files.path]).ending()
    try #require(ending == .exited(0))
  }

  enum Shell: String, CaseIterable {
    case bash, zsh, fish

    var file: String { self == .zsh ? "_swinit" : "swinit.\(rawValue)" }
  }

  @Test("Each shell accepts the syntax of its completion", arguments: Shell.allCases)
  func syntax(of shell: Shell) throws {
    try require(shell)
    let outcome = try Run([shell.rawValue, "-n", files(shell.file)]).outcome()
    #expect(outcome == Outcome(ending: .exited(0)))
  }

  @Test("Each completion has every option of the help", arguments: Shell.allCases)
  func options(of shell: Shell) throws {
    let help = try Run([Swinit.path, "--help"]).outcome().output
    let names = Set(help.matches(of: /--[a-z][a-z-]+/).map(\.output))
    #expect(names.count > 15)
    let text = try #require(contents(of: files(shell.file)))
    for name in names where name != "--init" {
      #expect(text.contains(shell == .fish ? " -l \(name.dropFirst(2)) " : name), "\(name)")
    }
  }

  /// A command line whose last word is to be completed, and some words that are then offered, or not.
  struct Case: CustomTestStringConvertible {
    let line: String
    let offered: [String]
    var notOffered: [String] = []
    var testDescription: String { line }
  }

  static let cases = [
    Case(line: "swinit --k", offered: ["--kill-after"], notOffered: ["--help", "kill"]),
    Case(line: "swinit --log-format ", offered: ["json", "text"], notOffered: ["--help", "true"]),
    Case(line: "swinit --stop-signal QU", offered: ["QUIT"]),
    Case(line: "swinit -vr US", offered: ["USR1", "USR2"]),
    Case(line: "swinit unsha", offered: ["unshare"]),
    Case(line: "swinit -v -k 10s unsha", offered: ["unshare"]),
    Case(line: "swinit -- unsha", offered: ["unshare"]),
    Case(line: "swinit --kill-after=10s -e143 unsha", offered: ["unshare"]),
    Case(line: "swinit cat --k", offered: [], notOffered: ["--kill-after"]),
    Case(line: "swinit -- --k", offered: [], notOffered: ["--kill-after"]),
    Case(line: "swinit cat /etc/passw", offered: ["passwd"]),
  ]

  @Test(
    "The completion for bash offers options, their values, and the command with its arguments",
    arguments: cases)
  func bash(_ example: Case) throws {
    // bash splits words at the equals sign, as COMP_WORDBREAKS asks. Without a result, it completes
    // file names; a script has no line to edit, for which `compopt` would say so.
    let script = """
      source "$1"
      compopt() { is_file=1; }
      line=${2//=/ = }
      read -ra COMP_WORDS <<<"$line"
      [[ $line != *' ' ]] || COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _swinit
      [ -z "$is_file" ] || mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    try expect(example, Run(["bash", "-c", script, "bash", files("swinit.bash"), example.line]))
  }

  @Test("The completion for bash offers values after an equals sign")
  func bashEqualsSign() throws {
    try bash(Case(line: "swinit --log-format=", offered: ["json", "text"]))
    try bash(Case(line: "swinit --log-format=js", offered: ["json"], notOffered: ["text"]))
    try bash(Case(line: "swinit --termination-log=/etc/passw", offered: ["passwd"]))
  }

  @Test(
    "The completion for fish offers options, their values, and the command with its arguments",
    arguments: cases)
  func fish(_ example: Case) throws {
    try require(.fish)
    let script = """
      set -g fish_complete_path
      source $argv[1]
      complete -C $argv[2]
      """
    let directory = try TemporaryDirectory()
    let run = try Run(
      ["fish", "--no-config", "-c", script, files("swinit.fish"), example.line],
      environment: ["PATH=\(searchPath)", "HOME=\(directory.path)"])
    try expect(example, run)
  }

  /// zsh completes on a terminal only.
  @Test(
    "The completion for zsh offers options, their values, and the command with its arguments",
    arguments: cases)
  func zsh(_ example: Case) throws {
    try require(.zsh)
    let script = """
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell "fpath=(${(q)1} \\$fpath) PS1= LISTMAX=10000; cd /; autoload -U compinit; compinit -u -D"
      zpty -w shell 'zstyle ":completion:*" list-separator ""; zstyle ":completion:*" verbose no'
      # What would be offered is shown between two marks, one to a line.
      zpty -w shell 'compadd() { local -a found; builtin compadd -O found "$@"; print -rl -- OFFERED $found END; builtin compadd "$@" }'
      zpty -w shell 'print BEG""IN'
      # The editor has the terminal in its own mode before it asks for bracketed paste.
      zpty -r -m shell _ '*BEGIN*2004h*'
      zpty -w -n shell "${2}"$'\\t'
      zpty -w -n shell $'\\C-u'
      zpty -w shell ' ; print DO""NE'
      zpty -r -m shell text '*DONE*'
      print -r -- ${text//$'\\r'/}
      """
    let run = try Run(
      ["zsh", "-f", "-c", script, "zsh", files.path, example.line],
      environment: ["PATH=\(searchPath)", "TERM=dumb", "HOME=\(files.path)"])
    try expect(example, run)
  }

  private func expect(_ example: Case, _ run: Run) throws {
    let outcome = try run.outcome()
    // fish puts a description after a tab. zsh leaves out the directory of a file.
    let words = Set(
      outcome.output.split(separator: "\n").flatMap {
        $0.prefix { $0 != "\t" }.split { " /".contains($0) }.map(String.init)
      })
    for word in example.offered { #expect(words.contains(word), "\(outcome)") }
    for word in example.notOffered { #expect(!words.contains(word), "\(outcome)") }
  }

  private func require(_ shell: Shell) throws {
    let need = Need.program(shell.rawValue)
    guard !need.isMet else { return }
    if isCI { throw need }
    try Test.cancel("\(need)")
  }
}
