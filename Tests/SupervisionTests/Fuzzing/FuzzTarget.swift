import Foundation

/// The environment variable `FUZZ_SUBJECT` selects the subject.
private let subject =
  ProcessInfo.processInfo.environment["FUZZ_SUBJECT"].flatMap { Subject(rawValue: $0) } ?? .call

/// libFuzzer calls this function with each input and prescribes its name and types.
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
