//! What a document says about itself: the same values feed OFD's DocInfo and CustomDatas, and PDF's XMP and information dictionary.

/// A moment in UTC, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
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

/// A document's description of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Metadata by name, in order (CustomDatas; XMP).
    pub custom: Vec<(String, String)>,
    /// The structured record and whatever else travels inside.
    pub attachments: Vec<Attachment>,
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
    pub data: Vec<u8>,
}
