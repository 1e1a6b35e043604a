//! Encrypted connections: whom we believe to be the server.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Whom a connection trusts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Nobody is asked: nothing is encrypted.
    Plain,
    /// Anyone: encrypted, but not against somebody in between.
    Anyone,
    /// A certificate of a known authority, whatever name it is for.
    AnyNameOf,
    /// A certificate of a known authority for the very host.
    NameOf,
}

/// Makes encrypted connections; `root_file` holds the authorities in PEM, else the machine's own are asked.
pub(super) fn connector(trust: Trust, root_file: Option<&Path>) -> anyhow::Result<MakeRustlsConnect> {
    let provider = Arc::new(ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let config = match trust {
        Trust::Plain | Trust::Anyone => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Leniency { provider, chain: None }))
            .with_no_client_auth(),
        Trust::AnyNameOf => {
            let roots = Arc::new(roots(root_file)?);
            let chain = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build()?;
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Leniency { provider, chain: Some(chain) }))
                .with_no_client_auth()
        }
        Trust::NameOf => builder.with_root_certificates(roots(root_file)?).with_no_client_auth(),
    };
    Ok(MakeRustlsConnect::new(config))
}

fn roots(file: Option<&Path>) -> anyhow::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(path) = file else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        ensure!(
            !roots.is_empty(),
            "this machine knows no certificate authority; name a file with sslrootcert in the database URL"
        );
        return Ok(roots);
    };
    let could_not = || format!("could not read the certificates in {} (sslrootcert)", path.display());
    for certificate in CertificateDer::pem_file_iter(path).with_context(could_not)? {
        roots.add(certificate.with_context(could_not)?).with_context(could_not)?;
    }
    ensure!(!roots.is_empty(), "there is no certificate in {} (sslrootcert)", path.display());
    Ok(roots)
}

/// Asks less than the web does: the chain without the name, or nothing.
#[derive(Debug)]
struct Leniency {
    provider: Arc<CryptoProvider>,
    chain: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Leniency {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
