// What ts-mls needs around it to be driven suite by suite.
import { p256, p384, p521 } from "@noble/curves/nist.js";
import * as mls from "ts-mls";

const nist = { P256: p256, P384: p384, P521: p521 };

export async function openSuite(id) {
  const name = Object.entries(mls.ciphersuites).find(([, value]) => value === id)?.[0];
  if (name === undefined) {
    throw Object.assign(new Error("The cipher suite is not known."), { name: "CipherSuiteUnknown" });
  }
  return mls.getCiphersuiteImpl(mls.getCiphersuiteFromName(name));
}

// RFC 9420 §5.1.1 wants an ECDSA key as an uncompressed point. ts-mls verifies with such a key but generates
// compressed ones, so the keys of the NIST suites are generated here.
export async function signatureKeyPair(suite) {
  const curve = nist[mls.getCiphersuiteFromName(suite.name).signature];
  if (curve === undefined) {
    return suite.signature.keygen();
  }
  const signKey = curve.utils.randomSecretKey();
  return { signKey, publicKey: curve.getPublicKey(signKey, false) };
}
