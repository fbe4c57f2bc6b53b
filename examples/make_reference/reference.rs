//! The examples and the tables of the language's reference.
//!
//! In: the text of `docs/language/README.md`. Out: its fenced blocks of XML, each compiled and drawn; the text with its tables made anew.
//!
//! What a fence says after `xml`: `height=40` is a piece of a page of 100 × 40 mm, `pages` a layout of its own, `file=NAME` a file that later
//! blocks name; a block that says nothing is a layout that has no picture.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::page::Timestamp;
use certpress::png::{self, Options, Picture};
use certpress::record::{ImageRoot, RawValue};
use certpress::template::vocabulary::{
    AttributeSpec, ElementSpec, Need, SHARED, SharedAttributes, ValueKind, element, name,
};
use certpress::{Fonts, Layout, Record, RenderOptions, Sealer};

/// A page of 100 mm is 500 pixels wide.
const DPI: f64 = 5.0 * 25.4;

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| {
    Arc::new(Fonts::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).expect("the faces ship"))
});

/// What every example's record may bring.
const FIELDS: &str = r#"<fields>
  <field name="name" label="姓名" type="person-name"/>
  <field name="sex" label="性别" type="choice" values="男 女"/>
  <field name="number" label="证书编号" type="text"/>
  <field name="unit" label="工作单位" type="text"/>
  <field name="issued_on" label="批准日期" type="date"/>
  <field name="remark" label="备注" type="text"/>
  <field name="photo" label="照片" type="image"/>
  <field name="scores" label="成绩" type="list">
    <field name="subject" label="科目" type="text" required="true"/>
    <field name="mark" label="分数" type="decimal" required="true"/>
  </field>
</fields>"#;

/// The values of the examples' record; all made up.
const VALUES: [(&str, &str); 6] = [
    ("name", "欧阳样例"),
    ("sex", "女"),
    ("number", "样例2026001"),
    ("unit", "样例省测绘院（虚构）"),
    ("issued_on", "2026-03-05"),
    ("photo", "photos/01.jpg"),
];
const SCORES: [(&str, &str); 6] = [
    ("测绘综合能力", "92.5"),
    ("测绘管理与法规", "88"),
    ("测绘案例分析", "76.5"),
    ("外语", "81"),
    ("计算机应用", "95"),
    ("继续教育", "90"),
];

/// A block of XML, and what to make of it.
pub(crate) struct Example<'t> {
    /// The line of its fence, from 1.
    pub(crate) line: usize,
    /// The layout.
    layout: String,
    /// The files that blocks before it gave, by name.
    files: BTreeMap<&'t str, &'t str>,
    /// The file of its picture.
    pub(crate) picture: Option<&'t str>,
}

/// The blocks of XML in `text` that can be compiled.
pub(crate) fn examples(text: &str) -> Vec<Example<'_>> {
    let mut files = BTreeMap::new();
    let mut examples = Vec::new();
    let mut at = 0;
    while let Some(fence) = text[at..].find("```xml") {
        let start = at + fence;
        let body = start + text[start..].find('\n').expect("a fence ends its line") + 1;
        let end = body + text[body..].find("```").expect("a block has an end");
        at = end + 3;
        let (says, block) = (text[start + 6..body].trim(), &text[body..end]);
        if let Some(file) = says.strip_prefix("file=") {
            files.insert(file, block);
            continue;
        }
        let layout = match says.strip_prefix("height=") {
            Some(height) => format!(
                "<layout xmlns=\"urn:certpress:layout:1\" id=\"example\" title=\"样例证书\">{FIELDS}<page size=\"100x{height}mm\">{block}</page></layout>"
            ),
            None => block.to_owned(),
        };
        let below = text[at..].trim_start();
        let picture =
            below.strip_prefix("![").and_then(|image| Some(image.split_once("](")?.1.split_once(')')?.0));
        let line = text[..start].lines().count() + 1;
        examples.push(Example { line, layout, files: files.clone(), picture });
    }
    examples
}

/// The pages of an example, under the record of all examples.
pub(crate) fn draw(example: &Example<'_>) -> Result<Vec<Picture>, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    for (name, text) in &example.files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().ok_or("a file lies in a folder")?)?;
        std::fs::write(path, text)?;
    }
    // Else the words of a conversion would stand in every picture.
    let layout = example.layout.replacen("<layout ", "<layout pdf=\"original\" ", 1);
    std::fs::write(root.join("example.xml"), layout)?;
    let press = Layout::open(root.join("example.xml"))?.compile(&FONTS)?;

    let mut record = Record::new();
    for (field, value) in VALUES.iter().filter(|(field, _)| press.schema().index(field).is_some()) {
        record = record.with(*field, *value);
    }
    if press.schema().index("scores").is_some() {
        let row =
            |(subject, mark): &(&str, &str)| Record::new().with("subject", *subject).with("mark", *mark);
        let rows = if example.layout.contains("<flow") { &SCORES[..] } else { &SCORES[..2] };
        record = record.with("scores", RawValue::Rows(rows.iter().map(row).collect()));
    }
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let options = RenderOptions { image_root: Some(ImageRoot::open(images)?), ..RenderOptions::default() };
    let entry = press.bind(&record, &options)?;
    let document = press.lay(&entry, Timestamp::parse("2026-03-05T08:00:00Z").ok_or("a time")?, &options)?;
    let seal = Sealer::demo()?;
    let seals = vec![seal.artwork(); document.master.seal_roles.len()];
    let options = Options { dpi: DPI, seals: &seals };
    Ok((0..document.pages.len())
        .map(|page| png::page(&document, page, &options))
        .collect::<Result<_, _>>()?)
}

/// `text` with the tables between its marks made anew.
pub(crate) fn with_tables(text: &str) -> String {
    const END: &str = "<!-- end -->";
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("<!-- ").filter(|_| rest.contains(END)) {
        let mark_end = at + rest[at..].find("-->").expect("a comment has an end") + 3;
        let mark = &rest[at + 5..mark_end - 4];
        out += &rest[..mark_end];
        out += "\n";
        match mark.strip_prefix("attributes of ") {
            Some(elements) => elements.split(' ').for_each(|name| describe(&mut out, name)),
            None => SHARED.iter().for_each(|shared| describe_shared(&mut out, shared)),
        }
        out += END;
        rest = &rest[mark_end + rest[mark_end..].find(END).expect("a mark has an end") + END.len()..];
    }
    out + rest
}

fn describe(out: &mut String, named: &str) {
    let spec: &ElementSpec = element(named).unwrap_or_else(|| panic!("there is no element {named}"));
    let holds: Vec<_> = spec.children.iter().map(|child| format!("`{}`", name(*child))).collect();
    let holds = match (spec.text, holds.is_empty()) {
        (true, true) => " Holds text.".to_owned(),
        (true, false) => format!(" Holds text, {}.", holds.join(", ")),
        (false, false) => format!(" Holds {}.", holds.join(", ")),
        (false, true) => String::new(),
    };
    let _ = writeln!(out, "\n**`{named}`**: {}.{holds}\n", spec.summary);
    let own: Vec<_> = spec
        .attributes
        .iter()
        .filter(|group| SharedAttributes::of(group).is_none())
        .copied()
        .flatten()
        .collect();
    if !own.is_empty() {
        table(out, own);
    }
    let shared: Vec<_> = spec.attributes.iter().filter_map(|group| SharedAttributes::of(group)).collect();
    if !shared.is_empty() {
        let links: Vec<_> = shared.iter().map(|s| format!("[{0}](#{0})", s.name)).collect();
        let _ = writeln!(out, "Shared: {}.\n", links.join(", "));
    }
}

fn describe_shared(out: &mut String, shared: &SharedAttributes) {
    let _ = writeln!(out, "\n### {}\n\n{}.\n", shared.name, sentence(shared.summary));
    table(out, shared.attributes.iter().collect());
}

fn table(out: &mut String, attributes: Vec<&AttributeSpec>) {
    let _ = writeln!(out, "| attribute | takes | |\n|---|---|---|");
    for attribute in attributes {
        let must = if attribute.need == Need::Required { " (required)" } else { "" };
        let _ = writeln!(
            out,
            "| `{}`{must} | {} | {} |",
            attribute.name,
            takes(attribute.kind),
            attribute.summary
        );
    }
    out.push('\n');
}

fn takes(kind: ValueKind) -> String {
    match kind {
        ValueKind::Words => "text".into(),
        ValueKind::Name => "a name".into(),
        ValueKind::Variable => "a name for expressions".into(),
        ValueKind::Content => "text with expressions".into(),
        ValueKind::Expression => "an expression, without braces".into(),
        ValueKind::Length { em, percent, negative } => {
            let units = [(true, "mm"), (true, "pt"), (em, "em"), (percent, "%")];
            let units: Vec<_> = units.iter().filter(|(has, _)| *has).map(|(_, unit)| *unit).collect();
            format!("a length in {}{}", units.join(", "), if negative { "" } else { ", not below zero" })
        }
        ValueKind::Lengths => "lengths in mm, pt".into(),
        ValueKind::Padding => "one or two lengths in mm, pt".into(),
        ValueKind::Loop => "`row in list`".into(),
        ValueKind::ColumnWidth => "a length, `*`, `2*`, `auto`".into(),
        ValueKind::Number(least, most) => format!("a number from {least} to {most}"),
        ValueKind::Integer => "a whole number".into(),
        ValueKind::Color => "a colour".into(),
        ValueKind::Paint => "a colour or `none`".into(),
        ValueKind::Font => "a face".into(),
        ValueKind::Keyword(words) => words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", "),
        ValueKind::FieldType => "a type".into(),
        ValueKind::FieldName => "a field's name".into(),
        ValueKind::Sheet => "a sheet".into(),
        ValueKind::PathData => "SVG path data".into(),
        ValueKind::Fit => "`condense(…)`, `shrink(…)`, `wrap` in an order, or `none`".into(),
        ValueKind::File => "a file".into(),
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
