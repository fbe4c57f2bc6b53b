//! What a file may still ask for, counted down while it is read.

use std::cell::Cell;

use super::error::ReadError;
use super::limits::Limits;

/// What is left.
#[derive(Debug)]
pub(super) struct Budget {
    inflated: Cell<u64>,
    items: Cell<u64>,
    pub(super) limits: Limits,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Budget {
        Budget { inflated: Cell::new(limits.inflated), items: Cell::new(limits.items), limits: *limits }
    }

    /// Takes the items of one object.
    pub(super) fn spend_items(&self, count: u64) -> Result<(), ReadError> {
        let left = self.items.get().checked_sub(count);
        let limit = self.limits.items;
        self.items.set(left.ok_or(ReadError::Limit { what: "items in all its objects", limit })?);
        Ok(())
    }

    /// The most bytes that a stream may still become.
    pub(super) fn inflatable(&self) -> u64 {
        self.inflated.get().min(self.limits.stream)
    }

    /// Takes the bytes of one stream.
    pub(super) fn spend_inflated(&self, count: u64) -> Result<(), ReadError> {
        let left = self.inflated.get().checked_sub(count);
        let limit = self.limits.inflated;
        self.inflated.set(left.ok_or(ReadError::Limit { what: "bytes in all its streams", limit })?);
        Ok(())
    }
}
