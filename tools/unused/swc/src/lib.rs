//! Stands in for swc, with which cargo-leptos shortens the script that wasm-bindgen writes: a hundred crates
//! for a kilobyte of what a page loads. The script stays as it was written.

use std::sync::Arc;

use swc_common::{SourceFile, SourceMap};

pub mod config {
    use super::BoolOrDataConfig;

    pub enum IsModule {
        Bool(bool),
    }

    impl Default for IsModule {
        fn default() -> Self {
            Self::Bool(false)
        }
    }

    #[derive(Default)]
    pub struct JsMinifyOptions {
        pub compress: BoolOrDataConfig,
        pub mangle: BoolOrDataConfig,
        pub module: IsModule,
        /// So that cargo-leptos has something to leave as it is.
        pub others: (),
    }
}

#[derive(Default)]
pub struct BoolOrDataConfig;

impl BoolOrDataConfig {
    pub fn from_bool(_: bool) -> Self {
        Self
    }
}

#[derive(Default)]
pub struct JsMinifyExtras;

#[derive(Default)]
pub struct HandlerOpts;

pub struct Handler;

pub struct Output {
    pub code: String,
}

pub struct Compiler;

impl Compiler {
    pub fn new(_: Arc<SourceMap>) -> Self {
        Self
    }

    /// # Errors
    /// None; the real one has some.
    pub fn minify(
        &self,
        file: Arc<SourceFile>,
        _: &Handler,
        _: &config::JsMinifyOptions,
        _: JsMinifyExtras,
    ) -> anyhow::Result<Output> {
        Ok(Output { code: file.code.clone() })
    }
}

#[derive(Debug)]
pub struct Failed(anyhow::Error);

impl Failed {
    pub fn to_pretty_error(self) -> anyhow::Error {
        self.0
    }
}

/// # Errors
/// Those of what it runs.
pub fn try_with_handler<T>(
    _: Arc<SourceMap>,
    _: HandlerOpts,
    run: impl FnOnce(&Handler) -> anyhow::Result<T>,
) -> Result<T, Failed> {
    run(&Handler).map_err(Failed)
}
