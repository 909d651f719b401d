//! The binary `madang`.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // One crypto provider for everything, before anything can choose another.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        return std::process::ExitCode::FAILURE;
    }
    madang_server::cli::run()
}
