//! What a file may still ask for, counted down while it is read.

use std::cell::Cell;

use super::error::ReadError;
use super::limits::Limits;

/// What is left.
#[derive(Debug)]
pub(super) struct Budget {
    inflated: Cell<u64>,
    items: Cell<u64>,
    steps: Cell<u64>,
    text: Cell<u64>,
    pub(super) limits: Limits,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Budget {
        Budget {
            inflated: Cell::new(limits.inflated),
            items: Cell::new(limits.items),
            steps: Cell::new(limits.steps),
            text: Cell::new(limits.text),
            limits: *limits,
        }
    }

    /// Takes the items of one object.
    pub(super) fn spend_items(&self, count: u64) -> Result<(), ReadError> {
        spend(&self.items, count, "items in all its objects", self.limits.items)
    }

    /// Takes a step of an outline.
    pub(super) fn spend_step(&self) -> Result<(), ReadError> {
        spend(&self.steps, 1, "steps of outlines", self.limits.steps)
    }

    /// Takes bytes of text.
    pub(super) fn spend_text(&self, count: usize) -> Result<(), ReadError> {
        spend(&self.text, count as u64, "bytes of text", self.limits.text)
    }

    /// The most bytes that a stream may still become.
    pub(super) fn inflatable(&self) -> u64 {
        self.inflated.get().min(self.limits.stream)
    }

    /// Takes the bytes of one stream.
    pub(super) fn spend_inflated(&self, count: u64) -> Result<(), ReadError> {
        spend(&self.inflated, count, "bytes in all its streams", self.limits.inflated)
    }
}

fn spend(left: &Cell<u64>, count: u64, what: &'static str, limit: u64) -> Result<(), ReadError> {
    left.set(left.get().checked_sub(count).ok_or(ReadError::Limit { what, limit })?);
    Ok(())
}
