//! What a document says about itself: the same values feed OFD's DocInfo and CustomDatas, and PDF's XMP and information dictionary.

use crate::shared::Shared;

/// A moment in UTC, to the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
}

impl std::fmt::Display for Timestamp {
    /// RFC 3339, in UTC.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}Z", self.civil())
    }
}

impl Timestamp {
    /// Now, by the system clock.
    pub fn now() -> Timestamp {
        Timestamp { seconds: jiff::Timestamp::now().as_second() }
    }

    /// Reads RFC 3339, such as `2026-03-05T08:00:00Z`.
    pub fn parse(text: &str) -> Option<Timestamp> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Timestamp { seconds: t.as_second() })
    }

    /// The calendar time in UTC.
    pub fn civil(self) -> jiff::civil::DateTime {
        self.at(jiff::tz::Offset::UTC)
    }

    /// The calendar time in China (UTC+8, no summer time), for fields that state no zone.
    pub fn civil_in_china(self) -> jiff::civil::DateTime {
        self.at(jiff::tz::offset(8))
    }

    fn at(self, offset: jiff::tz::Offset) -> jiff::civil::DateTime {
        offset.to_datetime(jiff::Timestamp::from_second(self.seconds).unwrap_or_default())
    }
}

/// What a file is (版本性质): the OFD is the original, and "any re-converted electronic version has no equal force".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The certificate itself.
    #[default]
    Original,
    /// Made from an original, without equal force.
    Conversion,
    /// For a press or a printer: the paper is the certificate, once it bears its seal.
    PrintCopy,
}

impl Standing {
    /// The name of the metadata entry that says it: an extension (KZ_) of GB/T 36903's names.
    pub const KEY: &'static str = "KZ_BBXZ";

    /// The value of that entry.
    pub const fn label(self) -> &'static str {
        match self {
            Standing::Original => "原件",
            Standing::Conversion => "转换件",
            Standing::PrintCopy => "印刷稿",
        }
    }

    /// The standing with this value of the entry.
    pub fn of_label(label: &str) -> Option<Standing> {
        [Standing::Original, Standing::Conversion, Standing::PrintCopy]
            .into_iter()
            .find(|s| s.label() == label)
    }
}

/// The standing of each file that is written of one document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Standings {
    /// Of the OFD.
    pub ofd: Standing,
    /// Of the PDF.
    pub pdf: Standing,
}

/// A document's description of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// 32 lower-case hexadecimal digits, from the content (OFD DocID, PDF /ID).
    pub id: String,
    /// The document's title.
    pub title: String,
    /// The issuing body (Author).
    pub author: String,
    /// What it is about, usually the holder and the certificate's number.
    pub subject: String,
    /// When it was made.
    pub created: Timestamp,
    /// Metadata by name, in order (CustomDatas; XMP). Writers add the standing of their file.
    pub custom: Vec<(String, String)>,
    /// What the files are.
    pub standings: Standings,
    /// The structured record and whatever else travels inside.
    pub attachments: Vec<Attachment>,
}

impl Info {
    /// The metadata of a file of this standing.
    pub fn metadata(&self, standing: Standing) -> impl Iterator<Item = (&str, &str)> {
        let custom = self.custom.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        custom.chain([(Standing::KEY, standing.label())])
    }
}

/// A file inside the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// File name, ASCII, without a path.
    pub name: String,
    /// MIME type.
    pub media_type: String,
    /// What it is, for a person.
    pub description: String,
    /// The file.
    pub data: Shared,
}
