import Supervision
import Testing

@Suite("The map of exit statuses")
struct ExitStatusMapTests {
  @Test("each status is reported as itself unless told otherwise")
  func identity() {
    let map = Options().exitStatuses
    for status in UInt8.min...UInt8.max {
      #expect(map[ExitStatus(rawValue: status)].rawValue == status)
    }
  }

  @Test("-e FROM reports FROM, and nothing else, as 0")
  func toSuccess() throws {
    for from in UInt8.min...UInt8.max {
      let meaning = from == 0 ? "" : "exit-code \(from):0"
      #expect(try call("-e \(from) true").meaning == meaning)
    }
  }

  @Test("-e FROM:TO reports FROM, and nothing else, as TO")
  func toAny() throws {
    for to in UInt8.min...UInt8.max {
      // Each status is FROM once.
      let from = 255 - to
      #expect(try call("-e \(from):\(to) true").meaning == "exit-code \(from):\(to)")
    }
  }

  @Test("every FROM can be every TO")
  func all() {
    var map = Options().exitStatuses
    for from in UInt8.min...UInt8.max {
      let status = ExitStatus(rawValue: from)
      var isRight = true
      for to in UInt8.min...UInt8.max {
        map.map(status, to: ExitStatus(rawValue: to))
        isRight = isRight && map[status].rawValue == to
      }
      #expect(isRight)
    }
  }

  @Test("a status is mapped once, not on and on")
  func once() throws {
    let options = try call("-e 1:2 -e 2:3 -e 3:1 true").optionsToRun
    #expect(options.exitStatuses[ExitStatus(rawValue: 1)].rawValue == 2)
    #expect(options.exitStatuses[ExitStatus(rawValue: 2)].rawValue == 3)
    #expect(options.exitStatuses[ExitStatus(rawValue: 3)].rawValue == 1)
  }
}
