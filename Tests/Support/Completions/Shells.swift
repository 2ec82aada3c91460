#if DEBUG
  // What each shell's own manual asks of a completion. All are for a command that runs another: when
  // swinit's options are over, the shell completes that command and its arguments.

  private let notice = "Generated from swinit's options by .ci/completions."

  /// See "Programmable Completion" in bash(1). bash splits `--name=value` at the equals sign.
  func bash(_ options: [CompletedOption]) -> String {
    let values = options.compactMap { option -> String? in
      let completion: String
      switch option.value {
      case .none, .unknown: return nil
      case .words(let words, _):
        completion = "COMPREPLY=($(compgen -W '\(words.joined(separator: " "))' -- \"$2\"))"
      case .optionalPath:
        completion = "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$2\")"
      }
      return "    \(option.spellings.joined(separator: " | "))) \(completion) ;;"
    }
    let flags = options.filter { !$0.takesNextWord }.compactMap(\.letter).joined()
    let valued = options.filter(\.takesNextWord)
    return #"""
      # shellcheck shell=bash disable=SC2207
      # \#(notice)

      # Completes the value $2 of the option $1.
      _swinit_value() {
        case $1 in
      \#(values.joined(separator: "\n"))
        esac
      }

      _swinit() {
        local word=${COMP_WORDS[COMP_CWORD]} index=1 option is_over=''
        COMPREPLY=()
        # Up to the first word that is neither an option nor the value of one.
        while ((index < COMP_CWORD)); do
          option=${COMP_WORDS[index]}
          [[ $option == -?* ]] || break
          ((index++))
          if [ "$option" = -- ]; then
            is_over=1
            break
          elif [ "${COMP_WORDS[index]}" = = ]; then
            ((index < COMP_CWORD)) || word=''
            ((index++))
          elif [[ $option =~ ^-[\#(flags)]*[\#(valued.compactMap(\.letter).joined())]$ ]]; then
            option=-${option: -1}
          else
            case $option in
              \#(valued.map { "--\($0.name)" }.joined(separator: " | "))) ;;
              *) continue ;;
            esac
          fi
          if ((index >= COMP_CWORD)); then
            _swinit_value "$option" "$word"
            return
          fi
          ((index++))
        done
        if ((index == COMP_CWORD)) && [[ ! $is_over && $word == -* ]]; then
          COMPREPLY=($(compgen -W '\#(options.flatMap(\.spellings).joined(separator: " "))' -- "$word"))
        elif declare -F _command_offset >/dev/null; then
          # That of the package bash-completion.
          _command_offset "$index"
        elif ((index == COMP_CWORD)); then
          mapfile -t COMPREPLY < <(compgen -c -- "$word")
        else
          compopt -o default
        fi
      }
      complete -F _swinit swinit

      """#
  }

  /// See `_arguments` in zshcompsys(1).
  func zsh(_ options: [CompletedOption]) -> String {
    let specifications = options.map { option -> String in
      let spellings = option.spellings
      let suffix: (letter: String, name: String, action: String) =
        switch option.value {
        case .none: ("", "", "")
        case .words(let words, let placeholder):
          ("+", "=", ":\(placeholder.escaped(":"))\u{3a}(\(words.joined(separator: " ")))")
        case .unknown(let placeholder): ("+", "=", ":\(placeholder.escaped(":"))\u{3a}")
        case .optionalPath: ("", "=-", "::PATH:_files")
        }
      let help = option.help.escaped("]:").replacing("'", with: "'\\''")
      var names = "--\(option.name)\(suffix.name)"
      if let letter = option.letter { names = "{-\(letter)\(suffix.letter),\(names)}" }
      // What may be repeated isn't excluded by itself.
      let isRepeatable = ["verbose", "exit-code", "rewrite"].contains(option.name)
      let prefix = isRepeatable ? "'*'" : "'(\(spellings.joined(separator: " ")))'"
      return "  \(prefix)\(names)'[\(help)]\(suffix.action)' \\"
    }
    return """
      #compdef swinit
      # \(notice)
      _arguments -s -S -A '-*' : \\
      \(specifications.joined(separator: "\n"))
        '(-):command: _command_names -e' \\
        '*::argument: _normal'

      """
  }

  /// See complete(1) of fish.
  func fish(_ options: [CompletedOption]) -> String {
    let valued = options.filter(\.takesNextWord).flatMap(\.spellings).joined(separator: " ")
    let completions = options.map { option -> String in
      var words = ["complete -c swinit -n __swinit_in_options"]
      if let letter = option.letter { words.append("-s \(letter)") }
      words.append("-l \(option.name)")
      switch option.value {
      case .none: break
      case .words(let values, _): words.append("-xa '\(values.joined(separator: " "))'")
      case .unknown: words.append("-x")
      // A path comes after an equals sign only; fish completes it there by itself.
      case .optionalPath: break
      }
      words.append("-d '\(option.help.escaped("'"))'")
      return words.joined(separator: " ")
    }
    return """
      # \(notice)
      function __swinit_in_options
          set -l words (commandline -opc)
          set -e words[1]
          while set -q words[1]
              switch $words[1]
                  case --
                      return 1
                  case \(valued)
                      set -e words[1]
                  case '-?*'
                  case '*'
                      return 1
              end
              set -e words[1]
          end
          return 0
      end

      complete -c swinit -xa '(__fish_complete_subcommand -- \(valued))'
      \(completions.joined(separator: "\n"))

      """
  }

  extension String {
    /// The string with a backslash before each of these characters, and before each backslash.
    fileprivate func escaped(_ characters: String) -> String {
      reduce(into: "") { text, character in
        if character == "\\" || characters.contains(character) { text += "\\" }
        text.append(character)
      }
    }
  }
#endif
