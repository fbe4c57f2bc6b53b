//! Compiling: a checked layout becomes a [`Program`].
//!
//! In: the syntax trees of [`template`](crate::template), and the faces. Out: everything decided that no record can change, or
//! every mistake at once.
//! Invariant: a program never fails for a reason that the layout alone explains.
//!
//! The way of a layout: `resolve` makes one of those that extend one another, `fields` makes the schema, `lets` the names that
//! expressions see, and then `pages` goes page by page, where `element` turns what stands there into flat, absolutely placed elements, a file for each
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
mod pages;
mod place;
mod resolve;
mod unused;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diag::{Diagnostics, Span};
use crate::page::Image;
use crate::record::Schema;
use crate::template::report::Report;
use crate::template::{Files, Layout};
use crate::text::Fonts;

pub use edition::Edition;
pub use element::{CONVERSION_NOTE, note_block, note_style};
use expression::Expressions;
use expression::names::{Binding, Metadata, Names};
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

    let [id, title] = ["id", "title"].map(|name| merged.root.value(name).map_or("", |v| &v.text));
    if id.is_empty() {
        report.push(merged.root.error("the layout has no id").hint("write id=\"title-senior\""));
    }
    let schema = fields::schema(id, &merged.fields, &mut report);

    let mut compiler = Compiler {
        fonts,
        common_names: common_names(id, title, &schema),
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
    let (info, metadata) = compiler.info(&merged.metadata, title, &names);
    for seen in [&mut names, &mut compiler.common_names] {
        seen.bind("metadata", Binding::Metadata(Arc::clone(&metadata)));
    }
    compiler.metadata = metadata;
    let (pages, standings) = compiler.pages(&merged, names);

    let unused = compiler.expressions.used.unused(&merged, &compiler.schema, &compiler.declarations);
    let Compiler { schema, report, metadata, seal_roles, .. } = compiler;
    let has_errors = report.has_errors();
    let warnings = report.into_diagnostics();
    if has_errors {
        return Err(warnings.into());
    }
    Ok(Program {
        digest: Layout::digest(&chain, &files),
        id: id.to_owned(),
        tags: schema.fields.iter().map(|f| f.name.clone()).collect(),
        schema,
        fonts: Arc::clone(fonts),
        pages,
        info,
        metadata,
        seal_roles,
        edition,
        standings,
        warnings,
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
