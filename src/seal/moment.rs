//! Times of the page and times of DER, both UTC to the second.

use std::time::Duration;

use der::DateTime;

use crate::page::Timestamp;

/// The DER time; fails before 1970 and after 9999.
pub(super) fn to_der(time: Timestamp) -> Result<DateTime, der::Error> {
    let seconds = u64::try_from(time.seconds).map_err(|_| der::ErrorKind::DateTime)?;
    DateTime::from_unix_duration(Duration::from_secs(seconds))
}
