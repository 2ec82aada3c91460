/// Names that are often misspelt.
enum KnownNames {
  case options, variables, signals

  /// The name at an index, nil past the last; it is empty where an option has no variable.
  fileprivate subscript(index: Int) -> Text? {
    switch self {
    case .options: Option.row(at: index)?.option.name
    case .variables: Option.row(at: index).map { $0.variable?.text ?? "" }
    case .signals: Signal(rawValue: Int32(truncatingIfNeeded: index &+ 1)).shortName
    }
  }
}

extension Text {
  /// The name that this text most likely misspells, nil if none is close: at most two characters, and
  /// at most a third of the letters, are wrong, missing, superfluous or exchanged.
  @inline(never)  // 752 bytes, with `isSame`
  func closest(among names: KnownNames) -> Text? {
    let word = names == .signals ? withoutSIG : self
    var letters = word
    while letters[0] == .ascii("-") { letters = letters.dropFirst(1) }
    for edits in SafeRange(min(2, letters.count / 3) &+ 1) {
      var index = 0
      while let name = names[index] {
        if word.isSame(as: name, after: edits) { return name }
        index &+= 1
      }
    }
    return nil
  }

  /// Whether at most so many edits make it the other text, whatever the case of its letters. The
  /// number is small, so that the recursion ends soon.
  @inline(never)
  private func isSame(as other: Text, after edits: Int) -> Bool {
    var (rest, otherRest) = (self, other)
    while !rest.isEmpty, rest[0].uppercased == otherRest[0].uppercased {
      rest = rest.dropFirst(1)
      otherRest = otherRest.dropFirst(1)
    }
    if rest.isEmpty && otherRest.isEmpty { return true }
    guard edits > 0 else { return false }
    // A character of this text is left out, or one of the other, or one of each; or two are exchanged.
    let (next, otherNext) = (rest.dropFirst(1), otherRest.dropFirst(1))
    return next.isSame(as: otherRest, after: edits &- 1)
      || rest.isSame(as: otherNext, after: edits &- 1)
      || next.isSame(as: otherNext, after: edits &- 1)
      || rest[0].uppercased == otherRest[1].uppercased
        && rest[1].uppercased == otherRest[0].uppercased
        && next.dropFirst(1).isSame(as: otherNext.dropFirst(1), after: edits &- 1)
  }
}
