//! Content streams: the text and the filled outlines of a page (ISO 32000-1, 8 and 9).
//!
//! In: a page's operators and resources. Out: [`Sheet`]. Invariant: text comes by /ToUnicode or /ActualText alone, never from a guess; what has
//! neither is told, not dropped.

use std::collections::HashMap;
use std::ops::Range;

use super::error::{Flaw, ReadError};
use super::file::View;
use super::lexer::Token;
use super::object::{Dictionary, Object, Parser};
use super::string;
use super::to_unicode::ToUnicode;
use crate::geom::{Path, Point, Segment};
use crate::unit::Length;

/// What a page shows, as far as it is compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its texts in painting order.
    pub text: String,
    /// The outlines that are filled, in painting order, y downwards from the top.
    pub fills: Vec<Path>,
    /// Whether some of its text has no Unicode.
    pub has_unknown_text: bool,
    /// Which bytes of the text show which field, as marked content says that is ours; in painting order, none within another.
    pub fields: Vec<(String, Range<usize>)>,
}

/// What the property list of marked content says the name of the field by that it shows.
const FIELD: &str = "CPRS_Field";
/// What a piece of marked content counts for, in bytes of text.
const PIECE: usize = 64;

/// How deep graphics states and marked content may nest.
const DEPTH: usize = 256;
/// No page reaches beyond so many points.
const FARTHEST: f64 = 1e6;

/// `[a b c d e f]`.
type Matrix = [f64; 6];

/// `first`, then `then`.
fn product(first: Matrix, then: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [g, h, i, j, k, l] = then;
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}

/// Interprets `operators`.
pub(super) fn read(
    view: &View<'_, '_>,
    operators: &[u8],
    resources: &Dictionary,
    media_box: &Object,
) -> Result<Sheet, ReadError> {
    let corners: Vec<f64> = media_box.array().unwrap_or_default().iter().filter_map(Object::number).collect();
    let (left, top) = match corners[..] {
        [x, y, u, v] => (x.min(u), y.max(v)),
        _ => (0.0, 0.0),
    };
    let mut reader = Reader {
        view,
        resources,
        fonts: HashMap::new(),
        sheet: Sheet::default(),
        map: [1.0, 0.0, 0.0, -1.0, -left, top],
        saved: Vec::new(),
        path: Vec::new(),
        font: None,
        marked: Vec::new(),
        replaced: 0,
        field: None,
    };
    let mut parser = Parser::new(operators, 0, view.budget());
    let (mut operands, mut numbers): (Vec<Object>, Vec<f64>) = Default::default();
    loop {
        // Annex C: no operator has more than 33 operands.
        if operands.len() > 64 {
            return Err(Flaw::Token.at(parser.lexer.at));
        }
        // Most of a page is numbers.
        if let Some(number) = parser.number()? {
            numbers.push(number);
            operands.push(Object::Real(number));
            continue;
        }
        match parser.operand()? {
            Ok(object) => {
                numbers.extend(object.number());
                operands.push(object);
            }
            Err(Token::Keyword(b"ID")) => {
                parser.pass_inline_image();
                operands.clear();
                numbers.clear();
            }
            Err(Token::Keyword(operator)) => {
                reader.operator(operator, &operands, &numbers)?;
                operands.clear();
                numbers.clear();
            }
            Err(_) => {
                reader.end_field();
                return Ok(reader.sheet);
            }
        }
    }
}

struct Reader<'v, 'f, 'a> {
    view: &'v View<'f, 'a>,
    resources: &'v Dictionary,
    fonts: HashMap<Vec<u8>, ToUnicode>,
    sheet: Sheet,
    /// User space to the sheet, in points.
    map: Matrix,
    saved: Vec<(Matrix, Option<Vec<u8>>)>,
    path: Vec<Segment>,
    font: Option<Vec<u8>>,
    /// What is open.
    marked: Vec<Marked>,
    replaced: usize,
    /// The field that is being shown, and where its text begins.
    field: Option<(String, usize)>,
}

/// Marked content.
#[derive(Clone, Copy, PartialEq)]
enum Marked {
    Plain,
    /// Its text was replaced.
    Replaced,
    /// It shows a field.
    Field,
}

impl Reader<'_, '_, '_> {
    /// `numbers` are those among the operands.
    fn operator(&mut self, operator: &[u8], operands: &[Object], numbers: &[f64]) -> Result<(), ReadError> {
        match (operator, numbers) {
            (b"q", _) => {
                if self.saved.len() == DEPTH {
                    return Err(ReadError::Limit { what: "nested graphics states", limit: DEPTH as u64 });
                }
                self.saved.push((self.map, self.font.clone()));
            }
            (b"Q", _) => {
                if let Some((map, font)) = self.saved.pop() {
                    (self.map, self.font) = (map, font);
                }
            }
            (b"cm", &[a, b, c, d, e, f]) => self.map = product([a, b, c, d, e, f], self.map),
            (b"m", &[x, y]) => self.step(Segment::Move, x, y)?,
            (b"l", &[x, y]) => self.step(Segment::Line, x, y)?,
            (b"c", &[a, b, c, d, x, y]) => self.curve([(a, b), (c, d), (x, y)])?,
            // The control point that they leave out makes no mark less square.
            (b"v" | b"y", &[a, b, x, y]) => self.curve([(a, b), (a, b), (x, y)])?,
            (b"h", _) => self.push(Segment::Close)?,
            (b"re", &[x, y, w, h]) => {
                self.step(Segment::Move, x, y)?;
                self.step(Segment::Line, x + w, y)?;
                self.step(Segment::Line, x + w, y + h)?;
                self.step(Segment::Line, x, y + h)?;
                self.push(Segment::Close)?;
            }
            (b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*", _) => {
                let segments = std::mem::take(&mut self.path);
                if !segments.is_empty() {
                    self.sheet.fills.push(Path { segments });
                }
            }
            (b"S" | b"s" | b"n", _) => self.path.clear(),
            (b"Tf", _) => self.font = operands.first().and_then(Object::name).map(<[u8]>::to_vec),
            (b"Tj" | b"'" | b"\"", _) => {
                if let Some(string) = operands.last().and_then(Object::string) {
                    self.show(string)?;
                }
            }
            (b"TJ", _) => {
                for part in operands.first().and_then(Object::array).unwrap_or_default() {
                    if let Some(string) = part.string() {
                        self.show(string)?;
                    }
                }
            }
            (b"BDC", _) => self.begin_marked(operands.get(1))?,
            (b"BMC", _) => self.begin_marked(None)?,
            (b"EMC", _) => match self.marked.pop() {
                Some(Marked::Replaced) => self.replaced -= 1,
                Some(Marked::Field) => self.end_field(),
                Some(Marked::Plain) | None => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn point(&self, x: f64, y: f64) -> Point {
        let [a, b, c, d, e, f] = self.map;
        let length = |v: f64| Length::pt(if v.abs() < FARTHEST { v } else { FARTHEST });
        Point::new(length(a * x + c * y + e), length(b * x + d * y + f))
    }

    fn step(&mut self, kind: fn(Point) -> Segment, x: f64, y: f64) -> Result<(), ReadError> {
        self.push(kind(self.point(x, y)))
    }

    fn curve(&mut self, points: [(f64, f64); 3]) -> Result<(), ReadError> {
        let [a, b, c] = points.map(|(x, y)| self.point(x, y));
        self.push(Segment::Cubic(a, b, c))
    }

    fn push(&mut self, segment: Segment) -> Result<(), ReadError> {
        self.view.budget().spend_step()?;
        self.path.push(segment);
        Ok(())
    }

    /// 14.6 and 14.9.4.
    fn begin_marked(&mut self, properties: Option<&Object>) -> Result<(), ReadError> {
        if self.marked.len() == DEPTH {
            return Err(ReadError::Limit { what: "nested marked content", limit: DEPTH as u64 });
        }
        let named;
        let properties = match properties {
            Some(Object::Name(name)) => {
                let all = self.view.value(self.resources, "Properties")?;
                let name = String::from_utf8_lossy(name);
                let object = all.dictionary().map(|all| self.view.value(all, &name)).transpose()?;
                named = object.unwrap_or(Object::Null);
                named.dictionary()
            }
            other => other.and_then(Object::dictionary),
        };
        let actual = properties.and_then(|p| p.get("ActualText")).and_then(Object::string);
        if let Some(actual) = actual {
            if self.replaced == 0 {
                let text = string::text(actual);
                self.view.budget().spend_text(text.len())?;
                self.sheet.text.push_str(&text);
            }
            self.replaced += 1;
        }
        let name = properties.and_then(|p| p.get(FIELD)).and_then(Object::string);
        let name = name.filter(|_| self.field.is_none());
        self.marked.push(match (actual, name) {
            (Some(_), _) => Marked::Replaced,
            (None, Some(name)) => {
                let name = string::text(name);
                self.view.budget().spend_text(name.len() + PIECE)?;
                self.field = Some((name, self.sheet.text.len()));
                Marked::Field
            }
            (None, None) => Marked::Plain,
        });
        Ok(())
    }

    fn end_field(&mut self) {
        if let Some((name, start)) = self.field.take() {
            self.sheet.fields.push((name, start..self.sheet.text.len()));
        }
    }

    fn show(&mut self, codes: &[u8]) -> Result<(), ReadError> {
        if self.replaced > 0 {
            return Ok(());
        }
        let name = self.font.clone().unwrap_or_default();
        if !self.fonts.contains_key(&name) {
            let font = self.load(&name)?;
            self.fonts.insert(name.clone(), font);
        }
        let Some(font) = self.fonts.get(&name) else { return Ok(()) };
        let before = self.sheet.text.len();
        self.sheet.has_unknown_text |= !font.write(codes, &mut self.sheet.text);
        self.view.budget().spend_text(self.sheet.text.len() - before)
    }

    fn load(&self, name: &[u8]) -> Result<ToUnicode, ReadError> {
        let fonts = self.view.value(self.resources, "Font")?;
        let name = String::from_utf8_lossy(name);
        let font = fonts.dictionary().map(|fonts| self.view.value(fonts, &name)).transpose()?;
        let Some(Object::Dictionary(font)) = font else { return Ok(ToUnicode::default()) };
        let code_len = if font.is("Subtype", "Type0") { 2 } else { 1 };
        match self.view.value(&font, "ToUnicode")? {
            Object::Stream(map) => ToUnicode::parse(&self.view.plain(&map)?, code_len, self.view.budget()),
            _ => Ok(ToUnicode::default()),
        }
    }
}
