//! Encrypts to a device what only it can read: RFC 8291 over RFC 8188 (`aes128gcm`). The push service in between
//! learns a length, rounded up, and nothing else.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};

/// Bytes of one record; everything we send fits in one. Push services take 4,096 (RFC 8030, 7.2).
const RECORD: usize = 4_096;
/// Bytes of an uncompressed point of P-256.
pub const POINT: usize = 65;
/// Bytes of the device's secret.
pub const AUTH: usize = 16;
/// salt, record size, length of the key, the key (RFC 8188, 2.1).
const HEADER: usize = 16 + 4 + 1 + POINT;
const TAG: usize = 16;
/// The most that can be said: what the record leaves after header, tag and the delimiter.
pub const MOST: usize = RECORD - HEADER - TAG - 1;
/// Lengths are rounded up to this, so that a short word and a long one look alike.
const STEP: usize = 512;

/// The whole body of a push message.
///
/// # Errors
/// When the device's key is no point of the curve, or the text is longer than `MOST`.
pub fn encrypt(p256dh: &[u8], auth: &[u8], plain: &[u8]) -> anyhow::Result<Vec<u8>> {
    anyhow::ensure!(plain.len() <= MOST, "{} bytes are more than one push can hold", plain.len());
    let own = PrivateKey::generate(&ECDH_P256).map_err(broken)?;
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    let length = (plain.len() + 1).next_multiple_of(STEP).min(MOST + 1);
    seal(&own, &salt, p256dh, auth, plain, length).map_err(broken)
}

fn broken(_: Unspecified) -> anyhow::Error {
    anyhow::anyhow!("the device's key is not one that can be written to")
}

/// `length` is that of the text with delimiter and padding.
fn seal(
    own: &PrivateKey,
    salt: &[u8; 16],
    p256dh: &[u8],
    auth: &[u8],
    plain: &[u8],
    length: usize,
) -> Result<Vec<u8>, Unspecified> {
    let public = own.compute_public_key()?;
    let (key, nonce) = keys(own, public.as_ref(), salt, p256dh, auth)?;
    let mut record = Vec::with_capacity(HEADER + length + TAG);
    record.extend_from_slice(plain);
    // RFC 8188, 2: the last record's delimiter is 2, and zeros follow it.
    record.push(2);
    record.resize(length.max(record.len()), 0);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)?;
    let mut body = Vec::with_capacity(HEADER + record.len());
    body.extend_from_slice(salt);
    body.extend_from_slice(&(RECORD as u32).to_be_bytes());
    body.push(POINT as u8);
    body.extend_from_slice(public.as_ref());
    body.append(&mut record);
    Ok(body)
}

/// RFC 8291, 3.4, with the second half of it from RFC 8188, 2.2 and 2.3.
fn keys(
    own: &PrivateKey,
    public: &[u8],
    salt: &[u8; 16],
    p256dh: &[u8],
    auth: &[u8],
) -> Result<(LessSafeKey, [u8; NONCE_LEN]), Unspecified> {
    let theirs = UnparsedPublicKey::new(&ECDH_P256, p256dh);
    let first: [u8; 32] = agreement::agree(own, theirs, Unspecified, |shared| {
        let prk = Salt::new(HKDF_SHA256, auth).extract(shared);
        expand(&prk, &[b"WebPush: info\0", p256dh, public])
    })?;
    let prk = Salt::new(HKDF_SHA256, salt).extract(&first);
    let key: [u8; 16] = expand(&prk, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce = expand(&prk, &[b"Content-Encoding: nonce\0"])?;
    Ok((LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?), nonce))
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(prk: &Prk, info: &[&[u8]]) -> Result<[u8; N], Unspecified> {
    let mut out = [0; N];
    prk.expand(info, Length(N))?.fill(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).expect("base64")
    }

    // RFC 8291, section 5 and appendix A.
    const PLAIN: &[u8] = b"When I grow up, I want to be a watermelon";
    const OWN: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    const DEVICE: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const DEVICE_PRIVATE: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    const SECRET: &str = "BTBZMqHH6r4Tts7J_aSIgg";
    const SALT: &str = "DGv6ra1nlYgDCS1FRnbzlw";
    const BODY: &str = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS\
        6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    #[test]
    fn the_example_of_the_rfc_comes_out_bit_by_bit() {
        let own = PrivateKey::from_private_key(&ECDH_P256, &bytes(OWN)).expect("a key");
        let salt: [u8; 16] = bytes(SALT).try_into().expect("16 bytes");
        let body = seal(&own, &salt, &bytes(DEVICE), &bytes(SECRET), PLAIN, 0).expect("sealed");
        assert_eq!(URL_SAFE_NO_PAD.encode(body), BODY);
    }

    #[test]
    fn the_device_reads_what_was_said_and_lengths_are_rounded() {
        let device = PrivateKey::from_private_key(&ECDH_P256, &bytes(DEVICE_PRIVATE)).expect("a key");
        let public = device.compute_public_key().expect("a point");
        let mut lengths = Vec::new();
        for plain in [&b""[..], PLAIN, &[b'x'; 511], &[b'x'; 512], &[b'x'; MOST]] {
            let body = encrypt(public.as_ref(), &bytes(SECRET), plain).expect("sealed");
            lengths.push(body.len() - HEADER - TAG);
            let salt: [u8; 16] = body[..16].try_into().expect("a salt");
            let sender = &body[21..HEADER];
            let theirs = UnparsedPublicKey::new(&ECDH_P256, sender);
            let first: [u8; 32] = agreement::agree(&device, theirs, Unspecified, |shared| {
                let prk = Salt::new(HKDF_SHA256, &bytes(SECRET)).extract(shared);
                expand(&prk, &[b"WebPush: info\0", public.as_ref(), sender])
            })
            .expect("agreed");
            let prk = Salt::new(HKDF_SHA256, &salt).extract(&first);
            let key: [u8; 16] = expand(&prk, &[b"Content-Encoding: aes128gcm\0"]).expect("a key");
            let nonce = expand(&prk, &[b"Content-Encoding: nonce\0"]).expect("a nonce");
            let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).expect("a key"));
            let mut record = body[HEADER..].to_vec();
            let nonce = Nonce::assume_unique_for_key(nonce);
            let opened = key.open_in_place(nonce, Aad::empty(), &mut record).expect("opened");
            let end = opened.iter().rposition(|byte| *byte != 0).expect("a delimiter");
            assert_eq!((&opened[..end], opened[end]), (plain, 2));
        }
        assert_eq!(lengths, [512, 512, 512, 1_024, MOST + 1]);
    }

    #[test]
    fn a_key_that_is_no_point_and_a_text_that_is_too_long_are_refused() {
        let mut wrong = bytes(DEVICE);
        wrong[40] ^= 1;
        assert!(encrypt(&wrong, &bytes(SECRET), PLAIN).is_err());
        assert!(encrypt(&bytes(DEVICE)[..64], &bytes(SECRET), PLAIN).is_err());
        assert!(encrypt(&bytes(DEVICE), &bytes(SECRET), &[0; MOST + 1]).is_err());
    }

    #[test]
    fn every_message_has_a_key_of_its_own() {
        let once = encrypt(&bytes(DEVICE), &bytes(SECRET), PLAIN).expect("sealed");
        let again = encrypt(&bytes(DEVICE), &bytes(SECRET), PLAIN).expect("sealed");
        assert_ne!(once[..HEADER], again[..HEADER]);
        let key = PrivateKey::generate(&ECDH_P256).expect("a key");
        let bin: EcPrivateKeyBin<'_> = key.as_be_bytes().expect("bytes");
        assert_eq!(bin.as_ref().len(), 32);
    }
}
