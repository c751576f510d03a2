//! Reads the settings, says where the server is, and runs it until it is told to stop; or does what else
//! was asked for.

use std::{
    io::{ErrorKind, Write},
    net::SocketAddr,
    process::ExitCode,
};

use anyhow::anyhow;
use server::{Config, Links};
use tokio::net::TcpListener;

/// As many as any machine has a use for.
const FILES: u64 = 1 << 20;

#[tokio::main]
async fn main() -> ExitCode {
    let config = match Config::try_parse_from(std::env::args_os()) {
        Ok(config) => config,
        Err(message) => message.exit(),
    };
    server::init_telemetry(&config);
    if let Some(command) = &config.command {
        return end(server::keep(command, &config).await.map(|said| {
            // Nobody may be reading.
            let _ = writeln!(std::io::stdout(), "{said}");
        }));
    }
    // Each connection is a file, and what a shell allows by itself is soon too few. Where there may be
    // no more, what is refused then is told in the log.
    let _ = rlimit::increase_nofile_limit(FILES);
    // By those who serve what it accepts: this thread would hand each connection over to one of them.
    end(tokio::spawn(run(config)).await.unwrap_or_else(|error| Err(error.into())))
}

fn end(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("parley: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> anyhow::Result<()> {
    let listener = bind(config.listen).await?;
    let links = Links::new(&config, listener.local_addr()?);
    let opened = server::open(config).await?;
    let stop = stop_signal()?;
    // Nobody may be reading.
    let _ = write!(std::io::stdout(), "{links}");
    opened.run(listener, stop).await
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        if error.kind() == ErrorKind::AddrInUse {
            anyhow!("{address} is in use already: stop what listens there, or choose another with --listen")
        } else {
            anyhow!("cannot listen on {address}: {error}")
        }
    })
}

/// Listens from now on, so that a signal during the start is not missed.
#[cfg(unix)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    })
}

#[cfg(not(unix))]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without signals it runs until it is killed.
        let _ = tokio::signal::ctrl_c().await;
    })
}
