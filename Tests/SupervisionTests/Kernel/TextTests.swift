import Supervision
import Testing

@Suite("Texts")
struct TextTests {
  @Test("A text contains the bytes up to the first NUL of a C string")
  func cString() {
    let strings = CStringArray(["", "a", "ünï\u{1}"])
    #expect(strings.count == 3)
    #expect(strings[0]?.string == "")
    #expect(strings[1]?.string == "a")
    #expect(strings[2]?.string == "ünï\u{1}")
    #expect(strings[3] == nil)
    #expect(strings[-1] == nil)
  }

  @Test(
    "A prefix and a suffix never extend beyond the text",
    arguments: [-1, 0, 1, 2, 3, 4, Int.max, Int.min])
  func parts(length: Int) {
    let whole = text("abc")
    let kept = min(max(length, 0), 3)
    #expect(whole.prefix(length).string == String("abc".prefix(kept)))
    #expect(whole.dropFirst(length).string == String("abc".dropFirst(kept)))
    #expect(whole.dropFirst(length).isEmpty == (kept == 3))
  }

  @Test(
    "A text is split at the first separator",
    arguments: [
      ("", "", nil), ("a", "a", nil), (":", "", ""), ("a:", "a", ""), (":b", "", "b"),
      ("a:b", "a", "b"), ("a:b:c", "a", "b:c"),
    ])
  func split(whole: String, head: String, tail: String?) {
    let parts = text(whole).split(at: UInt8(ascii: ":"))
    #expect(parts.head.string == head)
    #expect(parts.tail?.string == tail)
    #expect(text(whole).firstIndex(of: UInt8(ascii: ":")) == (tail == nil ? nil : head.utf8.count))
  }

  @Test(
    "Decimal digits are read as a number up to the limit",
    arguments: [("0", 0), ("7", 7), ("007", 7), ("64", 64), ("0000000000000000000000064", 64)])
  func number(digits: String, value: Int64) {
    #expect(text(digits).number(upTo: 64) == value)
  }

  @Test(
    "A text that is no decimal number within the limit is rejected",
    arguments: [
      "", "65", "640", "-0", "+1", " 1", "1 ", "1.0", "0x1", "1e1", "/", ":", "１",
      "18446744073709551617",
    ])
  func noNumber(words: String) {
    #expect(text(words).number(upTo: 64) == nil)
  }

  @Test("The largest number is accepted, and one more is rejected")
  func largestNumber() {
    #expect(text("\(Int64.max)").number(upTo: .max) == .max)
    #expect(text("9223372036854775808").number(upTo: .max) == nil)
  }

  @Test("Texts are compared exactly or without regard to the case of ASCII letters")
  func comparison() {
    #expect("abc" ~= text("abc"))
    #expect(!("abc" ~= text("abd")))
    #expect(!("abc" ~= text("ab")))
    #expect(!("abc" ~= text("abcd")))
    #expect("" ~= text(""))
    #expect(text("abc").hasPrefix(""))
    #expect(text("abc").hasPrefix("ab"))
    #expect(!text("abc").hasPrefix("abcd"))
    #expect(!text("abc").hasPrefix("b"))
    #expect(text("aBc").isCaseInsensitively("ABC"))
    #expect(text("").isCaseInsensitively(""))
    #expect(!text("ab").isCaseInsensitively("ABC"))
    // Only letters have a case: `{` is 32 above `[`.
    #expect(!text("{").isCaseInsensitively("["))
  }
}
