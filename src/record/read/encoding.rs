//! Which encoding a text file is in, and its text as UTF-8.
//!
//! In: UTF-8 with or without BOM, UTF-16 with BOM, GB 18030 (and so GBK and GB 2312). Out: UTF-8, a chunk at a time.
//! Invariant: a byte that the encoding does not know becomes U+FFFD, which no field accepts, so that damage never prints.

use std::fs::File;
use std::io::{self, Read, Seek as _};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

use super::ReadError;

const CHUNK: usize = 32 << 10;

/// Reads a file as UTF-8, whatever its encoding.
pub(super) struct Decoding<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Decoded and not yet handed out: `text[taken..]`.
    text: String,
    taken: usize,
    ended: bool,
}

impl Decoding<File> {
    /// Looks through the whole of `file` for its encoding, then begins at its start.
    ///
    /// # Errors
    /// It cannot be read, or ends within a character.
    pub(super) fn detect(mut file: File) -> Result<Decoding<File>, ReadError> {
        let (encoding, Malformed { is_cut, .. }) = detect(&mut file).map_err(|e| ReadError::io(&e))?;
        if is_cut {
            let message = format!("the file breaks off within its last character ({})", encoding.name());
            return Err(ReadError::file("read.cut", message, "bring back the whole file"));
        }
        file.rewind().map_err(|e| ReadError::io(&e))?;
        Ok(Decoding::new(file, encoding))
    }
}

impl<R: Read> Decoding<R> {
    fn new(source: R, encoding: &'static Encoding) -> Decoding<R> {
        let text = String::with_capacity(3 * CHUNK);
        let decoder = encoding.new_decoder_with_bom_removal();
        Decoding { source, decoder, raw: vec![0; CHUNK], text, taken: 0, ended: false }
    }

    /// Decodes the next chunk into `text`, which is used up.
    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.taken = 0;
        while self.text.is_empty() && !self.ended {
            let length = self.source.read(&mut self.raw)?;
            self.ended = length == 0;
            // Each byte gives at most three: a replacement character.
            self.text.reserve(self.decoder.max_utf8_buffer_length(length).unwrap_or(3 * CHUNK));
            let (_, _, _) = self.decoder.decode_to_string(&self.raw[..length], &mut self.text, self.ended);
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.text.len() {
            self.refill()?;
        }
        let rest = &self.text.as_bytes()[self.taken..];
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.taken += length;
        Ok(length)
    }
}

/// The encoding a BOM names; else of UTF-8 and GB 18030 the one with fewer malformed sequences, and of equals UTF-8: a damaged byte must not turn
/// a whole file of UTF-8 into other characters.
fn detect(file: &mut File) -> io::Result<(&'static Encoding, Malformed)> {
    let mut head = Vec::new();
    file.by_ref().take(3).read_to_end(&mut head)?;
    let by_bom = Encoding::for_bom(&head).map(|(encoding, _)| encoding);
    let first = by_bom.unwrap_or(UTF_8);
    let malformed = Malformed::find(file, first)?;
    if by_bom.is_some() || malformed.count == 0 {
        return Ok((first, malformed));
    }
    let otherwise = Malformed::find(file, GB18030)?;
    Ok(if malformed.count <= otherwise.count { (UTF_8, malformed) } else { (GB18030, otherwise) })
}

/// What of a file an encoding does not know.
struct Malformed {
    /// How many sequences, that at the end left aside.
    count: u64,
    /// Whether the file ends within one.
    is_cut: bool,
}

impl Malformed {
    fn find(file: &mut File, encoding: &'static Encoding) -> io::Result<Malformed> {
        file.rewind()?;
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let (mut raw, mut text) = (vec![0; CHUNK], vec![0; 4 * CHUNK]);
        let mut malformed = Malformed { count: 0, is_cut: false };
        loop {
            let length = file.read(&mut raw)?;
            let mut rest = &raw[..length];
            loop {
                let (result, read, _) =
                    decoder.decode_to_utf8_without_replacement(rest, &mut text, length == 0);
                rest = &rest[read..];
                match result {
                    DecoderResult::Malformed(..) if length == 0 => malformed.is_cut = true,
                    DecoderResult::Malformed(..) => malformed.count += 1,
                    DecoderResult::OutputFull => {}
                    DecoderResult::InputEmpty => break,
                }
            }
            if length == 0 {
                return Ok(malformed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::UTF_16LE;
    use std::io::Write as _;

    fn decoded(bytes: &[u8]) -> String {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        io::read_to_string(Decoding::detect(file).unwrap()).unwrap()
    }

    const TEXT: &str = "姓名,单位\n张三,样例省测绘院\n𠮷䶮,未取得\n";

    #[test]
    fn utf8_with_and_without_bom_and_gb18030_give_the_same_text() {
        assert_eq!(decoded(TEXT.as_bytes()), TEXT);
        assert_eq!(decoded(format!("\u{FEFF}{TEXT}").as_bytes()), TEXT);
        assert_eq!(decoded(&GB18030.encode(TEXT).0), TEXT);
    }

    #[test]
    fn utf16_with_bom_is_read() {
        let bytes: Vec<u8> = format!("\u{FEFF}{TEXT}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(Encoding::for_bom(&bytes), Some((UTF_16LE, 2)));
        assert_eq!(decoded(&bytes), TEXT);
    }

    #[test]
    fn gb18030_after_a_long_ascii_beginning_is_still_found() {
        let text = format!("{}{TEXT}", "a,b\n".repeat(CHUNK));
        assert!(decoded(&GB18030.encode(&text).0) == text);
    }

    #[test]
    fn one_lost_byte_damages_one_character_and_not_the_file() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.remove(TEXT.find('三').unwrap());
        let text = decoded(&bytes);
        assert!(text.contains("样例省测绘院") && text.contains('\u{FFFD}'), "{text}");
    }

    #[test]
    fn a_file_that_breaks_off_within_a_character_is_refused_and_not_taken_for_another_encoding() {
        let utf16: Vec<u8> = "\u{FEFF}张三".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bom = format!("\u{FEFF}{TEXT}张");
        for whole in ["张三".as_bytes(), bom.as_bytes(), &GB18030.encode("姓名,李四").0, &utf16] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&whole[..whole.len() - 1]).unwrap();
            file.rewind().unwrap();
            let error = Decoding::detect(file).map(drop).unwrap_err();
            assert_eq!((error.row, error.code), (None, "read.cut"), "{whole:?}");
        }
    }

    #[test]
    fn a_character_cut_by_a_chunk_is_whole() {
        for pad in 0..4 {
            let text = format!("{}{}", "x".repeat(pad), "证书".repeat(CHUNK));
            assert!(decoded(&GB18030.encode(&text).0) == text, "{pad}");
        }
    }
}
