//! A PDF changed in place, or given a further revision without a signature (ISO 32000-1, 7.5.6).

use super::asn1::Node;

/// A file whose objects are written plainly, with cross-reference tables, as certpress writes them.
#[derive(Clone)]
pub(crate) struct Pdf(pub(crate) Vec<u8>);

impl Pdf {
    pub(crate) fn of(bytes: &[u8]) -> Pdf {
        Pdf(bytes.to_vec())
    }

    fn find(&self, word: &[u8]) -> Option<usize> {
        self.0.windows(word.len()).position(|window| window == word)
    }

    fn rfind(&self, word: &[u8]) -> Option<usize> {
        self.0.windows(word.len()).rposition(|window| window == word)
    }

    /// The first `from` replaced by as many bytes.
    pub(crate) fn replace(mut self, from: &str, to: &str) -> Pdf {
        assert_eq!(from.len(), to.len(), "offsets stay");
        let at = self.find(from.as_bytes()).unwrap_or_else(|| panic!("no {from}"));
        self.0[at..at + to.len()].copy_from_slice(to.as_bytes());
        self
    }

    /// The last `from` replaced by any bytes; what the offsets say is wrong then if the lengths differ.
    pub(crate) fn replace_last(mut self, from: &str, to: &str) -> Pdf {
        let at = self.rfind(from.as_bytes()).unwrap_or_else(|| panic!("no {from}"));
        self.0.splice(at..at + from.len(), to.bytes());
        self
    }

    /// What stands between `obj` and `endobj` of the last object of this number.
    pub(crate) fn object(&self, number: u32) -> String {
        let head = format!("\n{number} 0 obj\n");
        let start = self.rfind(head.as_bytes()).unwrap() + head.len();
        let end = start + Pdf(self.0[start..].to_vec()).find(b"\nendobj").unwrap();
        String::from_utf8_lossy(&self.0[start..end]).into_owned()
    }

    /// The number after the first `key` in the file, as in `/Root 12 0 R`.
    pub(crate) fn number(&self, key: &str) -> u32 {
        let at = self.rfind(key.as_bytes()).unwrap_or_else(|| panic!("no {key}")) + key.len();
        let digits =
            self.0[at..].iter().skip_while(|b| !b.is_ascii_digit()).take_while(|b| b.is_ascii_digit());
        digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    }

    /// The number of the first object whose text contains `word`.
    pub(crate) fn object_with(&self, word: &str) -> u32 {
        let size = self.number("/Size");
        (1..size)
            .find(|&number| self.object(number).contains(word))
            .unwrap_or_else(|| panic!("none has {word}"))
    }

    fn trailer(&self) -> String {
        let at = self.rfind(b"trailer\n<<").unwrap() + 10;
        let end = at + Pdf(self.0[at..].to_vec()).find(b"startxref").unwrap();
        let text = String::from_utf8_lossy(&self.0[at..end]).into_owned();
        let entries = text.trim_end().strip_suffix(">>").unwrap();
        // /Size and /Prev are written anew.
        let mut kept = String::new();
        for entry in
            entries.split_inclusive('/').collect::<String>().split('/').filter(|e| !e.trim().is_empty())
        {
            if !entry.starts_with("Size") && !entry.starts_with("Prev") {
                kept += &format!("/{entry}");
            }
        }
        kept
    }

    /// A revision that writes these objects anew, or adds them; `trailer` is added to what the trailer says.
    pub(crate) fn update(self, objects: &[(u32, String)], trailer: &str) -> Pdf {
        let entries = self.trailer();
        self.update_with(objects, &format!("{entries}{trailer}"))
    }

    /// The same with a trailer of its own, but for /Size and /Prev.
    pub(crate) fn update_with(mut self, objects: &[(u32, String)], trailer: &str) -> Pdf {
        let previous = self.number("startxref");
        let size = objects.iter().map(|(number, _)| number + 1).fold(self.number("/Size"), u32::max);
        let mut table = String::from("xref\n");
        for (number, text) in objects {
            table += &format!("{number} 1\n{:010} 00000 n \n", self.0.len());
            self.0.extend(format!("{number} 0 obj\n{text}\nendobj\n").bytes());
        }
        let start = self.0.len();
        self.0.extend(table.bytes());
        self.0.extend(
            format!("trailer\n<<{trailer}/Size {size}/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n")
                .bytes(),
        );
        self
    }

    /// The digits of /Contents of the last signature.
    pub(crate) fn contents(&self) -> std::ops::Range<usize> {
        let start = self.rfind(b"/Contents<").unwrap() + 10;
        let length = self.0[start..].iter().position(|&b| b == b'>').unwrap();
        start..start + length
    }

    /// The DER in /Contents, with its padding.
    pub(crate) fn der(&self) -> Vec<u8> {
        let digits = std::str::from_utf8(&self.0[self.contents()]).unwrap();
        (0..digits.len() / 2).map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap()).collect()
    }

    /// Other DER in /Contents, filled up with zeros; it may be at most as long.
    pub(crate) fn set_der(mut self, der: &[u8]) -> Pdf {
        let range = self.contents();
        let digits: String = der.iter().map(|byte| format!("{byte:02X}")).collect();
        let room = range.len();
        assert!(digits.len() <= room, "{} digits do not fit into {room}", digits.len());
        self.0.splice(range, format!("{digits:0<room$}").bytes());
        self
    }

    /// One node of the CMS changed.
    pub(crate) fn cms(self, path: &[usize], change: impl FnOnce(&mut Node)) -> Pdf {
        let der = self.der();
        let mut root = Node::parse_padded(&der);
        change(root.at(path));
        self.set_der(&root.encode())
    }

    pub(crate) fn with_bytes(mut self, bytes: &[u8]) -> Pdf {
        self.0.extend(bytes);
        self
    }
}
