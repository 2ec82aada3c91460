/// What the first bytes of a file say of how the kernel would execute it; see execve(2).
public enum ExecutableHeader {
  /// A script, and the interpreter that its `#!` line names.
  case script(interpreter: Text)
  /// A program (ELF), the loader that it names unless it is static, and the architecture that it is
  /// built for; see elf(5).
  case program(loader: Text?, Architecture)
  /// Text without `#!`, which a shell may understand.
  case text
  /// Something else.
  case unknown

  /// Reads the first bytes of a file; a kilobyte is enough.
  public init(_ head: Text) {
    if head.hasPrefix("\u{7f}ELF") {
      // Byte 5 is 2 in a program of the other byte order.
      let isBigEndian = head[5] == 2
      let number = UInt16(head[isBigEndian ? 19 : 18]) | UInt16(head[isBigEndian ? 18 : 19]) << 8
      self = .program(
        loader: ExecutableHeader.loader(in: head), Architecture(rawValue: number))
    } else if head.hasPrefix("#!") {
      self = .script(interpreter: ExecutableHeader.interpreter(in: head.dropFirst(2)))
    } else {
      let line = head.split(at: .ascii("\n")).head
      self = line.firstIndex(of: 0) == nil ? .text : .unknown
    }
  }

  /// The first word of a script's first line.
  private static func interpreter(in head: Text) -> Text {
    var word = head.split(at: .ascii("\n")).head
    while !word.isEmpty, isBlank(word[0]) { word = word.dropFirst(1) }
    for index in word.indices where isBlank(word[index]) { return word.prefix(index) }
    return word
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == .ascii(" ") || byte == .ascii("\t") || byte == 0
  }

  /// The path in the segment of the type `PT_INTERP`, if it lies in these bytes.
  private static func loader(in head: Text) -> Text? {
    let is64 = head.count > 5 && head[4] == 2
    // Programs of the other byte order aren't for this machine.
    guard head.count >= 64, head[5] == 1 else { return nil }
    let table = head.integer(at: is64 ? 0x20 : 0x1c, size: is64 ? 8 : 4)
    let entrySize = head.integer(at: is64 ? 0x36 : 0x2a, size: 2)
    let entries = head.integer(at: is64 ? 0x38 : 0x2c, size: 2)
    for index in SafeRange(min(entries, 64)) {
      let (entry, overflow) = table.addingReportingOverflow(index &* entrySize)
      guard !overflow, entry <= head.count &- (is64 ? 56 : 32) else { return nil }
      guard head.integer(at: entry, size: 4) == 3 else { continue }
      let offset = head.integer(at: entry &+ (is64 ? 8 : 4), size: is64 ? 8 : 4)
      guard offset < head.count else { return nil }
      let (path, tail) = head.dropFirst(offset).split(at: 0)
      return tail == nil ? nil : path
    }
    return nil
  }
}

extension Text {
  /// The little-endian number of `size` bytes at `offset`, zero past the end; never negative.
  public func integer(at offset: Int, size: Int) -> Int {
    guard offset >= 0, offset <= count &- size else { return 0 }
    var value: UInt64 = 0
    let last = offset &+ size &- 1
    for index in SafeRange(size) { value = value << 8 | UInt64(self[last &- index]) }
    return Int(truncatingIfNeeded: value & UInt64(Int.max))
  }
}
