//! Cutting text into items of one face, one script and one span.
//!
//! In: spans. Out: [`Item`]s in reading order, and the line ends the text itself asks for.
//! Invariant: combining marks and variation selectors stay with their base in one item, whose face can show the whole cluster.

use std::ops::Range;

use unicode_linebreak::{BreakClass, break_property};

use super::shape::{self, ScriptClass};
use super::{FaceId, Fonts, TextError, TextSpan};

/// A stretch of text that is shaped at once, or the end of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// Characters of one face and script.
    Run { face: FaceId, script: ScriptClass, span: usize, range: Range<usize> },
    /// The line ends here, by the will of the text.
    LineEnd { ends_paragraph: bool, span: usize },
}

/// Cuts `text`, the spans' texts one after the other.
pub(crate) fn itemize(fonts: &Fonts, spans: &[TextSpan<'_>], text: &str) -> Result<Vec<Item>, TextError> {
    let chinese = text.chars().any(|c| script_of(c) == Some(ScriptClass::Han));
    let mut items: Vec<Item> = Vec::with_capacity(spans.len() + 4);
    let mut start = 0;
    let mut before = None;
    for (span, TextSpan { text: part, style, tag }) in spans.iter().enumerate() {
        for cluster in (Clusters { text: part, at: 0 }) {
            let range = start + cluster.start..start + cluster.end;
            let cluster = &part[cluster];
            let Some(c) = cluster.chars().next() else { break };
            if let Some(ends_paragraph) = line_end(c) {
                items.push(Item::LineEnd { ends_paragraph, span });
                before = None;
                continue;
            }
            if is_right_to_left(c) {
                return Err(TextError::RightToLeft { character: c, tag: *tag });
            }
            let script = script_of(c).unwrap_or_else(|| {
                let after = text[range.end..].chars().next();
                shared_script(before, after, chinese)
            });
            let face = face_for(fonts, style.face, script, cluster)
                .map_err(|character| TextError::NoFace { character, tag: *tag })?;
            match items.last_mut() {
                Some(Item::Run { face: f, script: s, span: p, range: r })
                    if (*f, *s, *p) == (face, script, span) && r.end == range.start =>
                {
                    r.end = range.end;
                }
                _ => items.push(Item::Run { face, script, span, range }),
            }
            before = Some(c);
        }
        start += part.len();
    }
    Ok(items)
}

/// The first face, in the order of asking, that shows the whole cluster; or the character that is at fault.
fn face_for(fonts: &Fonts, preferred: FaceId, script: ScriptClass, cluster: &str) -> Result<FaceId, char> {
    let mut characters = cluster.chars();
    let base = characters.next().unwrap_or(' ');
    let rest = characters.as_str();
    if is_ignorable(base) {
        return Ok(preferred);
    }
    if rest.chars().all(is_ignorable) {
        // A face that knows the variant asked for comes before those that would show the plain character.
        let selector = rest.chars().find(|&c| is_variation_selector(c));
        let variant = selector
            .and_then(|s| fonts.candidates(preferred).find(|&id| fonts.face(id).variant(base, s).is_some()));
        return variant.or_else(|| fonts.fallback(preferred, base)).ok_or(base);
    }
    // With marks, only shaping tells: the face may compose the cluster from or into characters it does cover.
    fonts.candidates(preferred).find(|&id| shape::shows(fonts.face(id), script, cluster)).ok_or_else(|| {
        let uncovered = |c: &char| !is_ignorable(*c) && fonts.fallback(preferred, *c).is_none();
        cluster.chars().find(uncovered).or(rest.chars().next()).unwrap_or(base)
    })
}

/// Cuts a text into clusters: a character with the marks and selectors that follow it.
struct Clusters<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Clusters<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let mut rest = self.text[start..].chars();
        let first = rest.next()?;
        if first == '\r' {
            // CR LF ends one line, not two.
            let _ = rest.as_str().starts_with('\n').then(|| rest.next());
        } else if line_end(first).is_none() {
            let mut ahead = rest.clone();
            while ahead.next().is_some_and(extends) {
                rest = ahead.clone();
            }
        }
        self.at = self.text.len() - rest.as_str().len();
        Some(start..self.at)
    }
}

/// Whether `c` ends a line, and if so, whether it ends the paragraph too (UAX #14: BK, CR, LF, NL).
const fn line_end(c: char) -> Option<bool> {
    match c {
        '\n' | '\r' | '\u{85}' | '\u{2029}' => Some(true),
        '\u{b}' | '\u{c}' | '\u{2028}' => Some(false),
        _ => None,
    }
}

/// Whether `c` belongs to the character before it.
fn extends(c: char) -> bool {
    // Nothing below U+0300 does but the soft hyphen; ideographs never do: spare them the look-up.
    match c {
        '\0'..='\u{2ff}' => is_ignorable(c),
        '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ff9d}' | '\u{20000}'..='\u{3ffff}' => false,
        _ => is_ignorable(c) || break_property(c.into()) == BreakClass::CombiningMark,
    }
}

/// The script of a character that no neighbour joins, marks or selects: one that could be shaped by itself. `None` for all others, and
/// for those whose script the neighbours decide.
pub(crate) fn stands_alone(c: char) -> Option<ScriptClass> {
    match c {
        ' '..='~' => Some(ScriptClass::Latin),
        // The half-width voice marks join the kana before them; the fillers become invisible.
        '\u{3164}' | '\u{ff9e}'..='\u{ffa0}' => None,
        _ => script_of(c).filter(|&s| s == ScriptClass::Han && !extends(c)),
    }
}

/// Whether `c` selects a variant of the character before it: Mongolian, standard and ideographic (IVS) selectors.
pub(crate) const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether `c` guides shaping and line breaking but has no glyph of its own, so that no face needs to have it
/// (Default_Ignorable_Code_Point, those met in running text).
const fn is_ignorable(c: char) -> bool {
    is_variation_selector(c)
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

const fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{61b}' | '\u{61d}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// The script of a character; `None` for punctuation that Chinese and Latin text share.
const fn script_of(c: char) -> Option<ScriptClass> {
    Some(match c {
        '·' | '‘' | '’' | '“' | '”' | '—' | '…' => return None,
        '\0'..='\u{58f}' | '\u{1e00}'..='\u{20cf}' | '\u{a720}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab6f}'
        | '\u{fb00}'..='\u{fb06}' => ScriptClass::Latin,
        '\u{2100}'..='\u{2bff}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe10}'..='\u{fe1f}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}'
        | '\u{1aff0}'..='\u{1b16f}'
        | '\u{1f100}'..='\u{1f2ff}'
        | '\u{20000}'..='\u{3ffff}'
        // Private use: in these texts, ideographs that had no code point yet.
        | '\u{e000}'..='\u{f8ff}'
        | '\u{f0000}'..='\u{10ffff}' => ScriptClass::Han,
        _ => ScriptClass::Complex,
    })
}

/// Shared punctuation is Chinese wherever the text has Chinese, but for an apostrophe or a dash inside a Latin word.
fn shared_script(before: Option<char>, after: Option<char>, chinese: bool) -> ScriptClass {
    let latin =
        |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && script_of(c) == Some(ScriptClass::Latin));
    if chinese && !(latin(before) && latin(after)) { ScriptClass::Han } else { ScriptClass::Latin }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextStyle;
    use crate::text::tests::fonts;
    use crate::unit::Length;

    fn items(face: &str, text: &str) -> Result<Vec<(String, ScriptClass, String)>, TextError> {
        let fonts = fonts();
        let style = TextStyle::new(fonts.find(face).unwrap(), Length::pt(10.0));
        let items = itemize(fonts, &[TextSpan { text, style, tag: Some(7) }], text)?;
        Ok(items
            .into_iter()
            .map(|item| match item {
                Item::Run { face, script, range, .. } => {
                    (fonts.face(face).name().to_owned(), script, text[range].to_owned())
                }
                Item::LineEnd { ends_paragraph, .. } => {
                    (String::new(), ScriptClass::Latin, format!("end {ends_paragraph}"))
                }
            })
            .collect())
    }

    fn shown(face: &str, text: &str) -> String {
        let items = items(face, text).unwrap();
        items
            .iter()
            .map(|(face, script, text)| format!("{face}/{script:?}[{text}]"))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn scripts_and_coverage_cut_the_text() {
        assert_eq!(shown("kai", "高级工程师Senior"), "kai/Han[高级工程师] kai/Latin[Senior]");
        // The character of extension B is in the face, that of extension F in HanaMinB alone.
        assert_eq!(shown("kai", "张𠮷\u{2ceb1}三"), "kai/Han[张𠮷] rare/Han[\u{2ceb1}] kai/Han[三]");
    }

    #[test]
    fn quotation_marks_are_chinese_in_chinese_text_and_latin_in_words() {
        assert_eq!(shown("song", "他“好”"), "song/Han[他“好”]");
        assert_eq!(shown("song", "“it’s”"), "song/Latin[“it’s”]");
        assert_eq!(shown("song", "书it’s"), "song/Han[书] song/Latin[it’s]");
    }

    #[test]
    fn marks_and_selectors_stay_with_their_base() {
        assert_eq!(shown("kai", "e\u{301}"), "kai/Latin[e\u{301}]");
        assert_eq!(shown("kai", "葛\u{e0100}城"), "kai/Han[葛\u{e0100}城]");
    }

    #[test]
    fn a_line_end_is_an_item_and_cr_lf_is_one() {
        assert_eq!(
            shown("kai", "一\r\n二\u{2028}三"),
            "kai/Han[一] /Latin[end true] kai/Han[二] /Latin[end false] kai/Han[三]"
        );
    }

    #[test]
    fn a_character_in_no_face_is_named_with_its_field() {
        for c in ['\u{e5e5}', '\u{1f600}', '\u{7}', '\u{10ffff}'] {
            assert_eq!(
                items("song", &format!("张{c}")),
                Err(TextError::NoFace { character: c, tag: Some(7) })
            );
        }
        assert_eq!(
            items("song", "张\u{626}"),
            Err(TextError::RightToLeft { character: '\u{626}', tag: Some(7) })
        );
    }
}
