//! TLS: towards people with the operator's certificate, towards other installations with one of
//! our own that they know by its fingerprint.

use std::fs;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme,
};
use samband_domain::Digest;

/// File names in an installation's directory.
const CERTIFICATE: &str = "peer.crt";
const KEY: &str = "peer.key";

/// The installation's own certificate and key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Reads the identity of a directory, making one if there is none.
    ///
    /// # Errors
    /// If it cannot be made, read or written.
    pub fn open(directory: &Path) -> Result<Self> {
        let (certificate, key) = (directory.join(CERTIFICATE), directory.join(KEY));
        if !certificate.exists() {
            make(directory, &certificate, &key)?;
        }
        let mut chain = read_chain(&certificate)?;
        let certificate = chain.pop().ok_or_else(|| anyhow!("no certificate in peer.crt"))?;
        Ok(Self { certificate, key: read_key(&key)? })
    }

    /// SHA-256 of the certificate: what others know this installation by.
    pub fn fingerprint(&self) -> Digest {
        Digest::of(&self.certificate)
    }

    /// For the listener that other installations pull from.
    ///
    /// # Errors
    /// If the certificate does not fit its key.
    pub fn server(&self) -> Result<Arc<ServerConfig>> {
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_client_cert_verifier(Arc::new(Pinned { expected: None, provider }))
            .with_single_cert(vec![self.certificate.clone()], self.key.clone_key())?;
        Ok(Arc::new(config))
    }

    /// For pulling from an installation known by its fingerprint.
    ///
    /// # Errors
    /// If the certificate does not fit its key.
    pub fn client(&self, expected: Digest) -> Result<Arc<ClientConfig>> {
        let provider = Arc::new(ring::default_provider());
        let verifier = Pinned { expected: Some(expected), provider: Arc::clone(&provider) };
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_client_auth_cert(vec![self.certificate.clone()], self.key.clone_key())?;
        Ok(Arc::new(config))
    }
}

/// For people's connections.
///
/// # Errors
/// If the files cannot be read or do not fit.
pub fn public_server(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>> {
    let chain = read_chain(certificate)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, read_key(key)?)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn make(directory: &Path, certificate: &Path, key: &Path) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519)?;
    let mut params = rcgen::CertificateParams::new(vec!["samband.invalid".into()])?;
    params.distinguished_name.push(rcgen::DnType::CommonName, "Samband installation");
    // Others know it by its fingerprint alone, so its own dates say nothing.
    params.not_after = rcgen::date_time_ymd(2999, 12, 31);
    let made = params.self_signed(&pair)?;
    let write = |path: &Path, text: &str| -> std::io::Result<()> {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    // The key first: a certificate without its key would be taken for an identity.
    write(key, &pair.serialize_pem())?;
    write(certificate, &made.pem())?;
    Ok(())
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let file = fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let chain: Result<Vec<_>, _> = rustls_pemfile::certs(&mut BufReader::new(file)).collect();
    chain.with_context(|| format!("no certificates in {}", path.display()))
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>> {
    let file = fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let key = rustls_pemfile::private_key(&mut BufReader::new(file))?;
    key.ok_or_else(|| anyhow!("no private key in {}", path.display()))
}

/// Certificates are known by fingerprint, not by authority. As a client, only the expected one is
/// let in; as a server, whoever proves to own a certificate, and what it may pull is decided by
/// which region trusts its fingerprint.
#[derive(Debug)]
struct Pinned {
    expected: Option<Digest>,
    provider: Arc<CryptoProvider>,
}

impl Pinned {
    fn check(&self, certificate: &CertificateDer<'_>) -> Result<(), Error> {
        match self.expected {
            Some(expected) if Digest::of(certificate) != expected => {
                Err(Error::General("the other side shows another certificate".into()))
            }
            _ => Ok(()),
        }
    }

    fn tls12(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn tls13(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(end_entity).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.tls12(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.tls13(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes()
    }
}

impl ClientCertVerifier for Pinned {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check(end_entity).map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.tls12(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.tls13(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes()
    }
}
