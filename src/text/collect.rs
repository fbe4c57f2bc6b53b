//! Collecting: a text's clusters as atoms, with their widths and the spaces between them.
//!
//! In: spans. Out: [`Collected`] atoms in reading order, at the size asked for; the fit ladder only scales them.
//! Spacing after W3C "Requirements for Chinese Text Layout" (CLREQ) 3.1.6 (punctuation) and 3.2.2 (Han and Latin), and GB/T
//! 15834-2011 (the interpunct takes half an em).
//! Invariant: an atom is never broken, and everything that has a width is an atom.

use std::borrow::Cow;
use std::ops::Range;

use super::itemize::{Item, itemize};
use super::shape::{ScriptClass, Shaped, shape};
use super::{Face, FaceId, Fonts, TextError, TextSpan};
use crate::unit::Length;

/// More than any certificate's box holds; keeps a hostile record from filling memory.
const TEXT_LIMIT: usize = 1 << 20;

/// A whole text, shaped.
pub(crate) struct Collected<'a> {
    /// The spans' texts one after the other.
    pub(crate) text: Cow<'a, str>,
    pub(crate) glyphs: Vec<Shaped>,
    pub(crate) atoms: Vec<Atom>,
    /// What stands between the line ends that the text itself asks for.
    pub(crate) segments: Vec<Segment>,
}

/// A stretch of text without a line end of its own.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) atoms: Range<usize>,
    pub(crate) starts_paragraph: bool,
    /// The size of the style it ends in: the height of an empty line.
    pub(crate) size: Length,
}

/// A cluster: what moves as one.
#[derive(Clone, Debug)]
pub(crate) struct Atom {
    pub(crate) kind: Kind,
    pub(crate) script: ScriptClass,
    pub(crate) span: u32,
    pub(crate) face: FaceId,
    /// Index range of its glyphs.
    pub(crate) glyphs: Range<usize>,
    /// Byte range of its text.
    pub(crate) text: Range<usize>,
    /// How far it moves the pen, without letter spacing.
    pub(crate) advance: Length,
    /// How far its glyphs stand to the right of the pen.
    pub(crate) inset: Length,
    /// Letter spacing, added unless it ends the line.
    pub(crate) spacing: Length,
    /// Space before it, unless it starts a line; negative where two marks close up.
    pub(crate) gap: Length,
    /// The blank half of an em-wide mark, after a closing one and before an opening one; zero for all else.
    pub(crate) blank: Length,
}

/// What an atom is to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An ideograph or kana.
    Ideograph,
    /// A letter or digit of a Latin run.
    Letter,
    /// A space; goes at the end of a line.
    Space,
    /// A full-em space; goes only where a line was broken.
    WideSpace,
    /// An opening bracket or quotation mark.
    Open,
    /// A closing one, or a mark that ends a phrase.
    Close,
    /// Half of …… or ——.
    Joint,
    /// The interpunct of a name.
    Interpunct,
    /// Anything else.
    Other,
}

/// Itemises and shapes `spans`.
pub(crate) fn collect<'a>(fonts: &Fonts, spans: &[TextSpan<'a>]) -> Result<Collected<'a>, TextError> {
    let bytes = spans.iter().map(|s| s.text.len()).sum();
    if bytes > TEXT_LIMIT {
        return Err(TextError::TooLong { bytes, limit: TEXT_LIMIT });
    }
    let text: Cow<'a, str> = match spans {
        [only] => Cow::Borrowed(only.text),
        _ => Cow::Owned(spans.iter().map(|s| s.text).collect()),
    };
    let items = itemize(fonts, spans, &text)?;
    let mut collected = Collected {
        glyphs: Vec::with_capacity(bytes / 2),
        atoms: Vec::with_capacity(bytes / 2),
        segments: Vec::new(),
        text,
    };
    let (mut start, mut starts_paragraph) = (0, true);
    for item in items {
        match item {
            Item::Run { face, script, span, range } => {
                collected.add_run(fonts.face(face), face, script, span, &spans[span], range)?;
            }
            Item::LineEnd { ends_paragraph, span } => {
                let atoms = start..collected.atoms.len();
                start = atoms.end;
                collected.segments.push(Segment { atoms, starts_paragraph, size: spans[span].style.size });
                starts_paragraph = ends_paragraph;
            }
        }
    }
    // A line end at the very end of the text ends the last line; it does not open another.
    if start < collected.atoms.len() {
        let atoms = start..collected.atoms.len();
        let size = spans.last().map_or(Length::ZERO, |s| s.style.size);
        collected.segments.push(Segment { atoms, starts_paragraph, size });
    }
    collected.space(spans);
    Ok(collected)
}

impl Collected<'_> {
    fn add_run(
        &mut self,
        face: &Face,
        id: FaceId,
        script: ScriptClass,
        span: usize,
        TextSpan { style, tag, .. }: &TextSpan<'_>,
        range: Range<usize>,
    ) -> Result<(), TextError> {
        let per_em = face.metrics().units_per_em;
        let mut at = self.glyphs.len();
        shape(face, script, &self.text[range.clone()], range.start, &mut self.glyphs);
        while let Some(first) = self.glyphs.get(at) {
            let cluster = &self.glyphs[at..];
            let count = cluster.iter().take_while(|g| g.cluster == first.cluster).count();
            let end = cluster.get(count).map_or(range.end, |g| g.cluster);
            let text = first.cluster..end;
            let character = self.text[text.clone()].chars().next().unwrap_or(' ');
            // Coverage promised a glyph; a face whose lookups take it away again shall not print a blank.
            if cluster[..count].iter().any(|g| g.id == 0) {
                return Err(TextError::NoFace { character, tag: *tag });
            }
            let units = cluster[..count].iter().map(|g| g.advance).sum();
            let mut atom = Atom {
                kind: kind(character, script),
                script,
                span: span as u32,
                face: id,
                glyphs: at..at + count,
                text,
                advance: style.size.of_em(units, per_em),
                inset: Length::ZERO,
                spacing: style.letter_spacing,
                gap: Length::ZERO,
                blank: Length::ZERO,
            };
            let half = style.size / 2;
            match atom.kind {
                // Faces draw it a third of an em or a whole em wide; it takes half an em.
                Kind::Interpunct => {
                    atom.inset = (half - atom.advance) / 2;
                    atom.advance = half;
                }
                // Only where the ink leaves the half blank: some faces centre their marks.
                Kind::Open | Kind::Close if half_blank(face, first, atom.kind) => atom.blank = half,
                _ => {}
            }
            self.atoms.push(atom);
            at += count;
        }
        Ok(())
    }

    /// Sets the gaps between neighbours.
    fn space(&mut self, spans: &[TextSpan<'_>]) {
        for segment in &self.segments {
            for i in segment.atoms.clone().skip(1) {
                let (a, b) = (&self.atoms[i - 1], &self.atoms[i]);
                let size = |atom: &Atom| spans[atom.span as usize].style.size;
                let gap = match (a.kind, b.kind) {
                    (Kind::Ideograph, Kind::Letter) | (Kind::Letter, Kind::Ideograph) => {
                        size(a).min(size(b)) / 4
                    }
                    // 》， and ）（ close up by one blank half, and so does （《.
                    (Kind::Close, Kind::Close) => -a.blank,
                    (Kind::Close, Kind::Open) => -a.blank.max(b.blank),
                    (Kind::Open, Kind::Open) => -b.blank,
                    _ => Length::ZERO,
                };
                self.atoms[i].gap = gap;
            }
        }
    }
}

/// Whether the half of an em-wide mark that faces away from what it belongs to is free of ink.
fn half_blank(face: &Face, glyph: &Shaped, kind: Kind) -> bool {
    let em = i32::from(face.metrics().units_per_em);
    let Some((left, right)) = face.tables().extent(glyph.id) else { return false };
    let wide = glyph.advance * 10 >= em * 9;
    // One part in a hundred over the middle, as the widest question marks are drawn.
    match kind {
        Kind::Open => wide && i32::from(left) * 100 >= em * 49,
        _ => wide && i32::from(right) * 100 <= em * 51,
    }
}

fn kind(c: char, script: ScriptClass) -> Kind {
    match (script, c) {
        (_, ' ' | '\u{1680}' | '\u{2000}'..='\u{2006}' | '\u{2008}'..='\u{200a}' | '\u{205f}') => Kind::Space,
        (_, '\u{3000}') => Kind::WideSpace,
        (ScriptClass::Latin, c) if c.is_alphanumeric() => Kind::Letter,
        (
            ScriptClass::Han,
            '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '〖' | '〘' | '〚' | '［' | '｛' | '“' | '‘'
            | '〝',
        ) => Kind::Open,
        (
            ScriptClass::Han,
            '）' | '》' | '〉' | '」' | '』' | '】' | '〕' | '〗' | '〙' | '〛' | '］' | '｝' | '”' | '’'
            | '〞' | '〟' | '，' | '。' | '、' | '；' | '：' | '！' | '？' | '．',
        ) => Kind::Close,
        (ScriptClass::Han, '…' | '—' | '⋯' | '⸺') => Kind::Joint,
        (ScriptClass::Han, '·' | '・') => Kind::Interpunct,
        (
            ScriptClass::Han,
            '々'
            | '〇'
            | '〡'..='〩'
            | 'ぁ'..='ヿ'
            | '\u{31a0}'..='\u{31bf}'
            | '\u{31f0}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{a48f}'
            | '\u{e000}'..='\u{faff}'
            | '\u{1aff0}'..='\u{1b16f}'
            | '\u{20000}'..='\u{10ffff}',
        ) => Kind::Ideograph,
        _ => Kind::Other,
    }
}
