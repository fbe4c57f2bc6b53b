//! Compiling: a checked layout becomes a [`Program`].
//!
//! In: the syntax trees of [`template`](crate::template), and the faces. Out: everything decided that no record can change, or
//! every mistake at once.
//! Invariant: a program never fails for a reason that the layout alone explains.
//!
//! The way of a layout: `resolve` makes one of those that extend one another, `fields` makes the schema, `lets` the names that
//! expressions see, and then page by page `element` turns what stands there into flat, absolutely placed elements, a file for each
//! kind, with what [`expression`] made of their words. What only a record can place stays nested: the cells of a `table`, the group
//! that `repeat` repeats, the texts and tables of a `flow`.

pub mod expression;
pub mod program;

mod attributes;
mod edition;
mod element;
mod fields;
mod info;
mod lets;
mod overprint;
mod place;
mod resolve;
mod unused;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diag::{Diagnostics, Span};
use crate::geom::Rect;
use crate::page::{Image, Standing};
use crate::record::Schema;
use crate::template::report::Report;
use crate::template::vocabulary::Tag;
use crate::template::{Files, Layout};
use crate::text::Fonts;

pub use edition::Edition;
pub use element::{CONVERSION_NOTE, note_block, note_style};
use expression::Expressions;
use expression::names::{Binding, Metadata, Names};
use expression::scope::PageFacts;
use place::{Look, Place, SHEET};
use program::{Element, Program};

/// Compiles one edition of a layout.
///
/// # Errors
/// Every mistake in it and in the files it names.
pub fn compile(layout: Layout, edition: Edition, fonts: &Arc<Fonts>) -> Result<Program, Diagnostics> {
    let Layout { chain, mut files, diagnostics } = layout;
    let mut report = Report::default();
    report.extend(diagnostics);
    let Some(merged) = resolve::merge(&chain, &mut report) else {
        return Err(report.into_diagnostics().into());
    };

    let id = merged.root.value("id").map(|v| v.text.clone()).unwrap_or_default();
    if id.is_empty() {
        report.push(merged.root.error("the layout has no id").hint("write id=\"title-senior\""));
    }
    let title = merged.root.value("title").map(|v| v.text.clone()).unwrap_or_default();
    let schema = fields::schema(&id, &merged.fields, &mut report);

    let mut compiler = Compiler {
        fonts,
        common_names: common_names(&id, &title, &schema),
        expressions: Expressions::new(&schema),
        schema,
        edition,
        files: &mut files,
        report,
        images: BTreeMap::new(),
        conversion: Vec::new(),
        root_span: merged.root.span.clone(),
        elements_seen: 0,
        metadata: Metadata::default(),
        seal_roles: Vec::new(),
        declarations: Vec::new(),
    };
    let mut names = compiler.lets(&merged.lets);
    let (info, metadata) = compiler.info(&merged.metadata, &title, &names);
    for seen in [&mut names, &mut compiler.common_names] {
        seen.bind("metadata", Binding::Metadata(Arc::clone(&metadata)));
    }
    compiler.metadata = metadata;

    let outside = Place {
        frame: Rect::default(),
        page: Default::default(),
        paper: SHEET,
        flows: false,
        look: Look::default(),
        when: Vec::new(),
        is_off: false,
        only: None,
        names: Arc::new(names.clone()),
        folder: PathBuf::new(),
        replacements: Arc::clone(&merged.replacements),
        depth: 0,
    };
    let pdf = match compiler.keyword(&merged.root, "pdf", &outside) {
        Some("original") => Standing::Original,
        _ => Standing::Conversion,
    };
    let standings = edition.standings(pdf);
    // With a flow, how many pages there are depends on the record.
    let has_flow = merged.pages.iter().any(|page| page.node.nodes_of(Tag::Flow).next().is_some());
    let mut pages = Vec::new();
    for (i, page) in merged.pages.iter().enumerate() {
        let mut names = names.clone();
        let facts = PageFacts {
            number: i + 1,
            count: merged.pages.len(),
            first: true,
            last: true,
            ..PageFacts::default()
        };
        names.bind("page", if has_flow { Binding::Page } else { Binding::Fixed(facts.value()) });
        let outside = Place { names: Arc::new(names), folder: page.folder.clone(), ..outside.clone() };
        let look = compiler.look(&merged.root, &outside, &Look::default(), "size");
        pages.push(compiler.page(&page.node, &Place { look, ..outside }));
    }

    if standings.pdf == Standing::Conversion && pages.iter().all(|page| page.conversion.is_empty()) {
        pages.iter_mut().for_each(|page| page.conversion.extend(compiler.note(page.size)));
    }

    let unused = compiler.expressions.used.unused(&merged, &compiler.schema, &compiler.declarations);
    let Compiler { schema, report, metadata, seal_roles, .. } = compiler;
    let has_errors = report.has_errors();
    let diagnostics = report.into_diagnostics();
    if has_errors {
        return Err(diagnostics.into());
    }
    let tags = schema.fields.iter().map(|f| f.name.clone()).collect();
    let fonts = Arc::clone(fonts);
    Ok(Program {
        digest: Layout::digest(&chain, &files),
        id,
        schema,
        fonts,
        pages,
        info,
        metadata,
        seal_roles,
        tags,
        edition,
        standings,
        warnings: diagnostics,
        unused,
    })
}

/// What is at hand while one layout compiles.
struct Compiler<'a> {
    fonts: &'a Fonts,
    schema: Arc<Schema>,
    edition: Edition,
    expressions: Expressions,
    /// The names that every part sees.
    common_names: Names,
    files: &'a mut Files,
    report: Report,
    images: BTreeMap<PathBuf, Arc<Image>>,
    /// What conversions of the page at hand show besides.
    conversion: Vec<Element>,
    root_span: Span,
    elements_seen: usize,
    /// Known before the pages, whose marks may say them.
    metadata: Metadata,
    /// Whose seals have been met, in that order.
    seal_roles: Vec<String>,
    /// `let`s and parameters, in the order in which they are met.
    declarations: Vec<unused::Declaration>,
}

/// The record's fields, `layout`, and `metadata`, which are still to come.
fn common_names(id: &str, title: &str, schema: &Schema) -> Names {
    let mut names = Names::default();
    names.bind("layout", Binding::Fixed(minijinja::Value::from_pairs([("id", id), ("title", title)])));
    names.bind("metadata", Binding::MetadataToCome);
    for (index, field) in schema.fields.iter().enumerate() {
        names.bind(&field.name, Binding::Field(index));
    }
    names
}

#[cfg(test)]
mod tests;
