//! How many objects a page paints (ISO 32000-1, 8.2, table 51), and how large it is.
//!
//! In: a page. Out: [`PageTally`]. Invariant: operators are counted and not obeyed; what a form XObject paints is not looked into.

use super::document::{PageContent, content_of};
use super::error::{Flaw, ReadError};
use super::file::View;
use super::lexer::Token;
use super::object::{Id, Object, Parser};

/// What a page paints.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PageTally {
    /// Width and height of /MediaBox in points, if it states one.
    pub size: Option<(f64, f64)>,
    /// Texts that are shown (Tj, TJ, ' and ").
    pub texts: usize,
    /// Outlines that are filled or stroked.
    pub paths: usize,
    /// Image XObjects and inline images.
    pub images: usize,
    /// Form XObjects and shadings.
    pub others: usize,
}

/// Counts what the page `id` paints.
///
/// # Errors
/// Its content cannot be read.
pub fn tally(view: &View<'_, '_>, id: Id) -> Result<PageTally, ReadError> {
    let PageContent { operators, resources, media_box } = content_of(view, id)?;
    let corners: Vec<f64> = media_box.array().unwrap_or_default().iter().filter_map(Object::number).collect();
    let size = match corners[..] {
        [x, y, u, v] => Some(((u - x).abs(), (v - y).abs())),
        _ => None,
    };
    let mut found = PageTally { size, ..PageTally::default() };
    let objects = view.value(&resources, "XObject")?;
    let is_image = |name: &[u8]| -> Result<bool, ReadError> {
        let name = String::from_utf8_lossy(name);
        let object = objects.dictionary().map(|objects| view.value(objects, &name)).transpose()?;
        Ok(object.as_ref().and_then(Object::dictionary).is_some_and(|object| object.is("Subtype", "Image")))
    };
    let mut parser = Parser::new(&operators, 0, view.budget());
    let mut operand = Object::Null;
    loop {
        match parser.operand()? {
            Ok(object) => operand = object,
            Err(Token::Keyword(operator)) => match operator {
                b"Tj" | b"TJ" | b"'" | b"\"" => found.texts += 1,
                b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" => found.paths += 1,
                b"sh" => found.others += 1,
                b"Do" if is_image(operand.name().unwrap_or_default())? => found.images += 1,
                b"Do" => found.others += 1,
                b"ID" => {
                    parser.pass_inline_image();
                    found.images += 1;
                }
                _ => {}
            },
            Err(Token::End) => return Ok(found),
            Err(_) => return Err(Flaw::Token.at(parser.lexer.at)),
        }
    }
}
