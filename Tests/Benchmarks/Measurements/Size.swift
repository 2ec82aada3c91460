import Foundation

/// The sizes of the files. A dynamic one needs the C library in addition.
enum Size {
  static func measure(_ programs: Programs, into table: inout Table) throws {
    var sizes: [Contestant: Double] = [:]
    for contestant in programs.contestants where contestant.role != .floor {
      let path = URL(fileURLWithPath: contestant.path).resolvingSymlinksInPath().path
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      sizes[contestant] = (attributes[.size] as? Int).map(Double.init)
    }
    let dynamic = sizes.keys.filter { !isStatic($0) }
    table.add(
      .size, sizes, notes: Dictionary(uniqueKeysWithValues: dynamic.map { ($0, " + libc") }))
  }

  /// Whether a program needs no other file to run: no program header names an interpreter. elf(5)
  private static func isStatic(_ contestant: Contestant) -> Bool {
    let bytes = [UInt8](FileManager.default.contents(atPath: contestant.path) ?? Data())
    let number = { (offset: Int, size: Int) in
      bytes.dropFirst(offset).prefix(size).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let interpreter = 3
    return !(0..<number(56, 2)).contains { index in
      number(number(32, 8) + index * number(54, 2), 4) == interpreter
    }
  }
}
