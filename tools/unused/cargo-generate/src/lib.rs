//! Stands in for cargo-generate, which only `cargo leptos new` calls: it says no. The real one
//! brings git and a script language along.

#[derive(Default)]
pub struct GenerateArgs {
    pub template_path: TemplatePath,
    pub name: Option<String>,
    pub force: bool,
    pub verbose: bool,
    pub init: bool,
}

#[derive(Default)]
pub struct TemplatePath {
    pub git: Option<String>,
    pub branch: Option<String>,
    pub tag: Option<String>,
    pub path: Option<String>,
}

pub fn generate(_: GenerateArgs) -> anyhow::Result<()> {
    anyhow::bail!("this cargo-leptos builds Parley and makes no new projects")
}
