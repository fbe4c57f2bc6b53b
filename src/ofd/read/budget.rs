//! What a document may still ask for, counted down while its pages are read.

use super::error::ReadError;
use super::limits::Limits;
use crate::page::MAX_PIXELS;

/// What is left.
pub(super) struct Budget {
    objects: usize,
    pixels: u64,
    limits: Limits,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Budget {
        Budget { objects: limits.objects, pixels: MAX_PIXELS, limits: *limits }
    }

    /// What it began with.
    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How many glyphs and path steps are left.
    pub(super) fn left(&self) -> usize {
        self.objects
    }

    /// Takes `count` glyphs or path steps.
    pub(super) fn spend(&mut self, count: usize, part: &str) -> Result<(), ReadError> {
        let left = self.objects.checked_sub(count);
        let limit = self.limits.objects as u64;
        self.objects = left.ok_or_else(|| ReadError::limit("glyphs and path steps", limit, part))?;
        Ok(())
    }

    /// Takes the pixels of an image.
    pub(super) fn spend_pixels(&mut self, count: u64, part: &str) -> Result<(), ReadError> {
        let left = self.pixels.checked_sub(count);
        self.pixels = left.ok_or_else(|| ReadError::limit("pixels in all images", MAX_PIXELS, part))?;
        Ok(())
    }
}
