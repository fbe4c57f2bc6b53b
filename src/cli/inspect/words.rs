//! What the words of the formats mean.

use crate::cli::language::Language;

/// The word of the format, Chinese, English.
const GLOSSES: [(&str, &str, &str); 27] = [
    ("OFD", "入口与元数据", "entry point and metadata"),
    ("Document", "文档结构", "structure of the document"),
    ("Res", "资源清单", "list of fonts and images"),
    ("TemplatePage", "模板页", "page template"),
    ("Page", "页面", "page"),
    ("Font", "字体", "font"),
    ("MultiMedia", "图像", "image"),
    ("Attachments", "附件清单", "list of attachments"),
    ("Attachment", "附件", "attachment"),
    ("CustomTags", "标引清单", "list of custom tags"),
    ("CustomTag", "标引：对象与字段", "tags: which objects show which field"),
    ("Signatures", "签名清单", "list of signatures"),
    ("Signature", "签名描述", "what a signature covers"),
    ("SignedValue", "签名值", "signed value"),
    ("Seal", "印章", "seal"),
    ("Catalog", "文档目录", "root of the document"),
    ("Contents", "页面内容", "content of a page"),
    ("FontFile2", "TrueType 字体文件", "TrueType font file"),
    ("FontFile3", "字体文件", "font file"),
    ("ToUnicode", "字形到文字的对照", "characters of glyphs"),
    ("ICCProfile", "颜色特性文件", "colour profile"),
    ("Info", "文档信息", "information dictionary"),
    ("AcroForm", "表单", "form"),
    ("Metadata/XML", "XMP 元数据", "XMP metadata"),
    ("XObject/Image", "图像", "image"),
    ("XObject/Form", "可复用图形", "form XObject"),
    ("Sig", "签名", "signature"),
];

/// The word, and what it means where that is known.
pub(super) fn gloss(word: &str, language: Language) -> String {
    match GLOSSES.iter().find(|(known, ..)| *known == word) {
        Some((_, zh, en)) => format!("{word}: {}", language.pick(zh, en)),
        None if word.is_empty() => language.pick("其他", "other").to_owned(),
        None => word.to_owned(),
    }
}
