import Supervision
import Testing

@Suite("The table of rewrites")
struct RewriteTests {
  /// The signals that swinit can take and pass on.
  static let forwardable = (1...64).filter { Signal(rawValue: Int32($0)).canBeForwarded }

  @Test("Each signal is forwarded as itself unless --rewrite says otherwise", arguments: 1...64)
  func identity(number: Int32) {
    let signal = Signal(rawValue: number)
    #expect(Options().rewrites[signal] == signal)
  }

  @Test("Each signal can be rewritten to any other", arguments: forwardable)
  func each(from: Int) throws {
    var rewrites = Options().rewrites
    for to in 1...64 {
      rewrites.rewrite(Signal(rawValue: Int32(from)), to: Signal(rawValue: Int32(to)))
      #expect(rewrites[Signal(rawValue: Int32(from))]?.rawValue == Int32(to))
    }
    // Each signal is TO once.
    let to = 65 - from
    #expect(try call("-r \(from):\(to) true").meaning == "rewrite \(from):\(to)")
  }

  @Test("Each signal can be dropped", arguments: forwardable)
  func drop(from: Int) throws {
    for nothing in ["0", "none", "NONE", "None"] {
      let meaning = "rewrite \(from):0"
      #expect(try call("-r \(from):\(nothing) true").meaning == meaning)
    }
  }

  @Test(
    "A rewrite may mix names and numbers",
    arguments: [
      ("TERM:3", "rewrite 15:3"),
      ("15:SIGQUIT", "rewrite 15:3"),
      ("sigterm:quit", "rewrite 15:3"),
      ("RTMIN+3:INT", "rewrite 37:2"),
      ("INT:RTMAX", "rewrite 2:64"),
      ("32:33", "rewrite 32:33"),
      ("TERM:KILL", "rewrite 15:9"),
      ("HUP:STOP", "rewrite 1:19"),
      ("TERM:INT,INT:TERM,HUP:none", "rewrite 1:0, rewrite 2:15, rewrite 15:2"),
    ])
  func spellings(value: String, meaning: String) throws {
    #expect(try call("--rewrite=\(value) true").meaning == meaning)
    #expect(try call("true", with: "SWINIT_REWRITE=\(value)").meaning == meaning)
  }

  @Test("A number that is no signal's is not rewritten", arguments: [Int32.min, -1, 65, Int32.max])
  func unknown(number: Int32) {
    var rewrites = Options().rewrites
    rewrites.rewrite(Signal(rawValue: number), to: .kill)
    #expect(rewrites[Signal(rawValue: number)]?.rawValue == number)
  }
}
