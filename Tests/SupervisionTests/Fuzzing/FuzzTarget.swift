import Foundation

/// Which subject is fuzzed: `FUZZ_SUBJECT`.
private let subject =
  ProcessInfo.processInfo.environment["FUZZ_SUBJECT"].flatMap { Subject(rawValue: $0) } ?? .call

/// What libFuzzer calls with each input, the names and the types of which are its own.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  do {
    try subject.check(input)
  } catch {
    fatalError("\(subject): \(error)")
  }
  return 0
}
