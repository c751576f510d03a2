//! The `cargo leptos` command.

use clap::Parser;

#[tokio::main]
async fn main() -> color_eyre::Result<()> {
    let mut args: Vec<String> = std::env::args().collect();
    // Cargo passes the subcommand's own name along.
    if args.get(1).is_some_and(|arg| arg == "leptos") {
        args.remove(1);
    }
    let cli = cargo_leptos::config::Cli::parse_from(&args);
    cargo_leptos::logger::setup(cli.opts().map_or(0, |opts| opts.verbose), &cli.log);
    cargo_leptos::run(cli).await
}
