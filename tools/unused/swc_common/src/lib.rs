//! Stands in for what cargo-leptos needs of swc_common: see `swc`.

use std::sync::Arc;

pub enum FileName {
    Anon,
}

#[derive(Default)]
pub struct SourceMap;

pub struct SourceFile {
    pub code: String,
}

impl SourceMap {
    pub fn new_source_file(&self, _: Arc<FileName>, code: String) -> Arc<SourceFile> {
        Arc::new(SourceFile { code })
    }
}

#[derive(Default)]
pub struct Globals;

pub struct Setting;

pub static GLOBALS: Setting = Setting;

impl Setting {
    pub fn set<T>(&self, _: &Globals, run: impl FnOnce() -> T) -> T {
        run()
    }
}
