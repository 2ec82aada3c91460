import Foundation

/// The sizes of the files. A dynamic one needs the C library in addition.
enum Size {
  static func measure(_ programs: Programs, into table: inout Table) throws {
    var sizes: [Contestant: Double] = [:]
    for contestant in programs.contestants {
      let path = URL(fileURLWithPath: contestant.path).resolvingSymlinksInPath().path
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      sizes[contestant] = (attributes[.size] as? Int).map(Double.init)
    }
    let dynamic = sizes.keys.filter { $0.build == .sharedGlibc }
    table.add(
      .size, sizes, notes: Dictionary(uniqueKeysWithValues: dynamic.map { ($0, " + libc") }))
  }
}
