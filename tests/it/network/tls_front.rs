//! What makes a plain HTTP server an HTTPS server: a listener with a certificate of its own authority.

use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsAcceptor;

/// A front on a thread of its own, for one server behind it. Its certificate is good for `localhost` only.
pub(crate) struct TlsFront {
    listener: StdListener,
    config: Arc<ServerConfig>,
    authority: String,
    runtime: Runtime,
}

impl TlsFront {
    /// Takes a port.
    pub(crate) fn new() -> Self {
        let listener = StdListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let (config, authority) = certified();
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        Self {
            listener,
            config: Arc::new(config),
            authority,
            runtime,
        }
    }

    /// The address clients know it by.
    pub(crate) fn origin(&self) -> String {
        format!("https://localhost:{}", self.port())
    }

    /// Its port on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.listener.local_addr().unwrap().port()
    }

    /// The certificate of its authority, as a PEM file holds it.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// Passes on what comes, to the server at `behind`.
    pub(crate) fn serve(&self, behind: SocketAddr) {
        let acceptor = TlsAcceptor::from(Arc::clone(&self.config));
        let listener = self.listener.try_clone().unwrap();
        self.runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((client, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // A client that does not like the certificate goes away; that is what some tests are about.
                    let mut client = acceptor.accept(client).await?;
                    let mut server = TcpStream::connect(behind).await?;
                    tokio::io::copy_bidirectional(&mut client, &mut server).await
                });
            }
        });
    }
}

/// A server's settings with a fresh certificate, and the certificate of the authority that signed it.
fn certified() -> (ServerConfig, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        );
    (config.unwrap(), pem(authority.der()))
}

fn pem(certificate: &[u8]) -> String {
    let text = STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}
