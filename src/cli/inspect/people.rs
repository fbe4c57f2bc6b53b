//! What is in a file, as people read it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use certpress::inspect::{Cover, Format, Inspection, Page, Part, Signature, SignedValue};

use super::words::gloss;
use crate::cli::language::Language;
use crate::cli::terminal::{grouped, printable};

/// The block of one file.
pub(super) fn block(name: &str, found: &Inspection, language: Language) -> String {
    let mut out = Block { text: format!("{name}\n"), language };
    let format = match found.format {
        Format::Ofd => "OFD",
        Format::Pdf => "PDF",
    };
    let bytes = grouped(found.bytes as u64);
    out.line("  ", format!("{format} {}, {bytes} {}", found.version, out.pick("字节", "bytes")));
    for entry in &found.about {
        out.line("  ", format!("{}: {}", entry.name, entry.value));
    }
    match found.format {
        Format::Ofd => out.entries(&found.parts),
        Format::Pdf => out.objects(&found.parts),
    }
    out.list("历次保存", "revisions", &found.revisions, |revision, language| {
        let objects = language.pick("个对象", "objects");
        format!(
            "{} {objects}, {} {}",
            revision.objects,
            language.pick("止于字节", "to byte"),
            grouped(revision.end as u64)
        )
    });
    out.list("模板页", "page templates", &found.templates, page);
    out.list("页面", "pages", &found.pages, page);
    out.list("字体", "fonts", &found.fonts, |font, language| {
        let tag = font.subset_tag.as_ref().map(|tag| format!("{tag}+")).unwrap_or_default();
        let Some(part) = &font.part else {
            return format!("{tag}{}  {}", font.name, language.pick("未嵌入", "not embedded"));
        };
        let glyphs = font.glyphs.map(|count| format!("{count} {}  ", language.pick("个字形", "glyphs")));
        let postscript = font.postscript_name.as_ref().filter(|name| **name != format!("{tag}{}", font.name));
        let postscript = postscript.map(|name| format!("  PostScript: {name}"));
        format!(
            "{tag}{}  {}{}  {part}{}",
            font.name,
            glyphs.unwrap_or_default(),
            size(font.size),
            postscript.unwrap_or_default()
        )
    });
    out.list("图像", "images", &found.images, |image, _| {
        let pixels = image.width.zip(image.height).map(|(width, height)| format!("{width} × {height} px  "));
        format!(
            "{}  {}{}  {}",
            image.part,
            pixels.unwrap_or_default(),
            size(Some(image.size)),
            image.encoding
        )
    });
    out.list("附件", "attachments", &found.attachments, |file, _| {
        let more = [&file.media_type, &file.part].into_iter().flatten();
        let more: String = more.map(|text| format!("  {text}")).collect();
        format!("{}  {}{more}", file.name, size(Some(file.size)))
    });
    out.list("元数据", "metadata", &found.metadata, |entry, _| {
        format!("{} = {}", entry.name, entry.value)
    });
    out.heading("签名", "signatures", found.signatures.len());
    for signature in &found.signatures {
        out.signature(signature);
    }
    out.list("未能说明", "not explained", &found.unexplained, |why, _| why.clone());
    let closing = out.pick(
        "以上是文件自述的内容，未作任何核验；是否有效请用 certpress verify",
        "this is what the file says, and nothing of it was checked: `certpress verify` judges",
    );
    out.line("  ", closing.to_owned());
    out.text.pop();
    out.text
}

struct Block {
    text: String,
    language: Language,
}

impl Block {
    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        self.language.pick(zh, en)
    }

    fn line(&mut self, indent: &str, text: String) {
        let _ = writeln!(self.text, "{indent}{}", printable(&text));
    }

    fn heading(&mut self, zh: &str, en: &str, count: usize) {
        if count > 0 {
            self.line("  ", format!("{} ({count})", self.pick(zh, en)));
        }
    }

    fn list<T>(&mut self, zh: &str, en: &str, all: &[T], tell: impl Fn(&T, Language) -> String) {
        self.heading(zh, en, all.len());
        for one in all {
            self.line("    ", tell(one, self.language));
        }
    }

    /// The entries of an OFD, one by one.
    fn entries(&mut self, parts: &[Part]) {
        self.heading("部件：包内字节、展开字节", "parts: bytes deflated and inflated", parts.len());
        let width = parts.iter().map(|part| part.name.chars().count()).max().unwrap_or(0).min(64);
        for part in parts {
            let name = format!("{:width$}", part.name);
            self.line(
                "    ",
                format!("{}  {name}  {}", sizes(part.stored, part.size), gloss(&part.kind, self.language)),
            );
        }
    }

    /// The objects of a PDF, kind by kind.
    fn objects(&mut self, parts: &[Part]) {
        self.heading(
            "对象：个数、文件内字节、展开字节",
            "objects: count, bytes in the file and inflated",
            parts.len(),
        );
        let mut kinds: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
        for part in parts {
            let (count, stored, size) = kinds.entry(part.kind.as_str()).or_default();
            *count += 1;
            *stored += part.stored.unwrap_or(0);
            *size += part.size.unwrap_or(0);
        }
        for (kind, (count, stored, size)) in kinds {
            let size = Some(size).filter(|size| *size > 0);
            self.line(
                "    ",
                format!("{count:4}  {}  {}", sizes(Some(stored), size), gloss(kind, self.language)),
            );
        }
    }

    fn signature(&mut self, signature: &Signature) {
        let Signature { id, part, method, stated_time, covers, value } = signature;
        self.line("    ", format!("{id}  {part}  {method}"));
        let SignedValue { form, algorithm, signer, time, timestamp, seal } =
            value.clone().unwrap_or_default();
        let mut told = vec![("结构：", "form:     ", form), ("算法：", "algorithm:", algorithm)];
        if let Some(seal) = seal {
            let picture = seal.picture;
            told.push(("印章：", "seal:     ", format!("{}  {}", seal.name, seal.id)));
            let valid = format!("{} – {}", seal.valid_from, seal.valid_to);
            told.push(("有效期：", "valid:    ", valid));
            let picture = format!(
                "{}  {} × {} mm  {}",
                picture.format,
                picture.width_mm,
                picture.height_mm,
                size(Some(picture.bytes))
            );
            told.push(("印模：", "picture:  ", picture));
        }
        if let Some(signer) = signer {
            told.push(("签名人：", "signer:   ", signer.subject));
            told.push(("签发者：", "issued by:", signer.issuer));
        }
        told.extend([
            ("签名时间：", "time:     ", time.or_else(|| stated_time.clone()).unwrap_or_default()),
            ("时间戳：", "timestamp:", timestamp.unwrap_or_default()),
            ("覆盖：", "covers:   ", cover(covers, self.language)),
        ]);
        for (zh, en, value) in told {
            if !value.is_empty() {
                self.line("      ", format!("{} {value}", self.pick(zh, en)));
            }
        }
    }
}

fn page(page: &Page, language: Language) -> String {
    let sheet = page.width_mm.zip(page.height_mm);
    let sheet = sheet.map(|(width, height)| format!("{} × {} mm  ", short(width), short(height)));
    let counts = [
        (page.texts, "文字", "texts"),
        (page.paths, "图形", "paths"),
        (page.images, "图像", "images"),
        (page.others, "其他", "others"),
    ];
    let counts = counts.iter().filter(|(count, ..)| *count > 0);
    let counts: Vec<String> =
        counts.map(|(count, zh, en)| format!("{} {count}", language.pick(zh, en))).collect();
    let templates: String = page.templates.iter().map(|part| format!(" + {part}")).collect();
    format!("{}{}  {}{templates}", sheet.unwrap_or_default(), counts.join(", "), page.part)
}

fn cover(covers: &Cover, language: Language) -> String {
    match covers {
        Cover::Parts { parts, outside } => {
            let of = parts.len() + outside.len();
            let without = language.pick("不含", "without");
            let told = language.pick("个部件", "parts");
            format!("{}/{of} {told}, {without} {}", parts.len(), outside.join(" "))
        }
        Cover::Bytes { byte_range, outside } => {
            let ranges = byte_range.chunks_exact(2).map(|range| {
                format!(
                    "{}–{}",
                    grouped(range[0].unsigned_abs()),
                    grouped(range[0].saturating_add(range[1]).unsigned_abs())
                )
            });
            let ranges = ranges.collect::<Vec<_>>().join(" + ");
            let bytes = language.pick("字节", "bytes");
            format!(
                "{bytes} {ranges}, {} {} {bytes}",
                language.pick("不含", "without"),
                grouped(*outside as u64)
            )
        }
    }
}

/// Millimetres to two decimals, without zeros at the end.
fn short(mm: f64) -> String {
    let text = format!("{mm:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn size(bytes: Option<usize>) -> String {
    bytes.map(|bytes| format!("{} B", grouped(bytes as u64))).unwrap_or_default()
}

/// Two columns.
fn sizes(stored: Option<usize>, size: Option<usize>) -> String {
    let column = |bytes: Option<usize>| bytes.map(|bytes| grouped(bytes as u64)).unwrap_or_default();
    format!("{:>10}  {:>10}", column(stored), column(size))
}
