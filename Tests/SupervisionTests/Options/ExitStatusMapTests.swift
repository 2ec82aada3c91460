import Supervision
import Testing

@Suite("The exit status map")
struct ExitStatusMapTests {
  @Test("Each exit status is reported as itself unless --exit-code maps it")
  func identity() {
    let map = Options().exitStatuses
    for status in UInt8.min...UInt8.max {
      #expect(map[ExitStatus(rawValue: status)].rawValue == status)
    }
  }

  @Test("-e FROM reports FROM, and no other status, as 0")
  func toSuccess() throws {
    for from in UInt8.min...UInt8.max {
      let meaning = from == 0 ? "" : "exit-code \(from):0"
      #expect(try call("-e \(from) true").meaning == meaning)
    }
  }

  @Test("-e FROM:TO reports FROM, and no other status, as TO")
  func toAny() throws {
    for to in UInt8.min...UInt8.max {
      // Each status is FROM once.
      let from = 255 - to
      #expect(try call("-e \(from):\(to) true").meaning == "exit-code \(from):\(to)")
    }
  }

  @Test("The exit status map can map every FROM to every TO")
  func all() {
    var map = Options().exitStatuses
    for from in UInt8.min...UInt8.max {
      let status = ExitStatus(rawValue: from)
      var isMapped = true
      for to in UInt8.min...UInt8.max {
        map.map(status, to: ExitStatus(rawValue: to))
        isMapped = isMapped && map[status].rawValue == to
      }
      #expect(isMapped)
    }
  }

  @Test("The exit status map maps a status once, and not the result again")
  func once() throws {
    let options = try call("-e 1:2 -e 2:3 -e 3:1 true").optionsToRun
    #expect(options.exitStatuses[ExitStatus(rawValue: 1)].rawValue == 2)
    #expect(options.exitStatuses[ExitStatus(rawValue: 2)].rawValue == 3)
    #expect(options.exitStatuses[ExitStatus(rawValue: 3)].rawValue == 1)
  }
}
