//! PDFs by hand: objects, tables and marks in any order, right or wrong.

use std::collections::BTreeMap;

/// A file under construction.
#[derive(Clone)]
pub(crate) struct Builder {
    pub(crate) bytes: Vec<u8>,
    /// Where the objects of this revision stand.
    pub(crate) offsets: BTreeMap<u32, usize>,
    /// The table of the revision before.
    pub(crate) previous: Option<usize>,
    /// The entries of the next trailer, but /Size and /Prev.
    pub(crate) trailer: String,
    size: u32,
}

impl Builder {
    /// A header and nothing else.
    pub(crate) fn new() -> Builder {
        Builder {
            bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(),
            offsets: BTreeMap::new(),
            previous: None,
            trailer: "/Root 1 0 R".to_owned(),
            size: 1,
        }
    }

    /// A file of one page, without its end.
    pub(crate) fn page() -> Builder {
        let mut builder = Builder::new();
        builder.object(1, "<</Type/Catalog/Pages 2 0 R>>");
        builder.object(2, "<</Type/Pages/Count 1/Kids[3 0 R]>>");
        builder.object(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>");
        builder.stream(4, "", b"10 10 80 80 re f");
        builder
    }

    /// Goes on behind `bytes`, whose last table is at `startxref`, with objects from `size` on.
    pub(crate) fn after(bytes: &[u8]) -> Builder {
        let text = String::from_utf8_lossy(bytes);
        let number = |word: &str| {
            let at = text.rfind(word).unwrap() + word.len();
            let digits: String = text[at..].trim_start().chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<usize>().unwrap()
        };
        let (root, info) = (number("/Root"), text.contains("/Info").then(|| number("/Info")));
        let info = info.map(|info| format!("/Info {info} 0 R")).unwrap_or_default();
        Builder {
            bytes: bytes.to_vec(),
            offsets: BTreeMap::new(),
            previous: Some(number("startxref")),
            trailer: format!("/Root {root} 0 R{info}"),
            size: number("/Size") as u32,
        }
    }

    /// The next free number.
    pub(crate) fn next(&self) -> u32 {
        self.size
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn object(&mut self, number: u32, text: &str) {
        self.offsets.insert(number, self.bytes.len());
        self.size = self.size.max(number + 1);
        self.raw(format!("{number} 0 obj\n{text}\nendobj\n").as_bytes());
    }

    pub(crate) fn stream(&mut self, number: u32, entries: &str, data: &[u8]) {
        self.offsets.insert(number, self.bytes.len());
        self.size = self.size.max(number + 1);
        self.raw(format!("{number} 0 obj\n<<{entries}/Length {}>>stream\n", data.len()).as_bytes());
        self.raw(data);
        self.raw(b"\nendstream\nendobj\n");
    }

    /// Writes the table and the trailer; answers where the table is.
    pub(crate) fn table(&mut self) -> usize {
        let at = self.bytes.len();
        let mut text = String::from("xref\n");
        if self.previous.is_none() {
            text.push_str("0 1\n0000000000 65535 f \n");
        }
        for (number, offset) in &self.offsets {
            text.push_str(&format!("{number} 1\n{offset:010} 00000 n \n"));
        }
        let previous = self.previous.map(|at| format!("/Prev {at}")).unwrap_or_default();
        text.push_str(&format!("trailer\n<</Size {}{previous}{}>>\n", self.size, self.trailer));
        self.raw(text.as_bytes());
        at
    }

    /// Ends the revision.
    pub(crate) fn end(&mut self) -> &mut Builder {
        let at = self.table();
        self.raw(format!("startxref\n{at}\n%%EOF\n").as_bytes());
        self.previous = Some(at);
        self.offsets.clear();
        self
    }

    /// The file of one page.
    pub(crate) fn finished_page() -> Vec<u8> {
        Builder::page().end().bytes.clone()
    }
}

/// `bytes` with the first `from` as `to`.
pub(crate) fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|part| part == from.as_bytes()).expect(from);
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}
