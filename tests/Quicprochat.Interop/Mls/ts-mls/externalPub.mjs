// RFC 9420 §12.4.3.2 puts the external_pub extension as struct { HPKEPublicKey external_pub; }, a vector with its length.
// ts-mls writes and reads the bare key, so a GroupInfo is made and handed over here in the form of the RFC.
import { createGroupInfo } from "ts-mls/createCommit.js";
import { decodeVarLenData, varLenDataEncoder } from "ts-mls/codec/variableLength.js";
import { encode } from "ts-mls/codec/tlsEncoder.js";
import { ratchetTreeEncoder } from "ts-mls/ratchetTree.js";

export async function makeGroupInfo(state, suite) {
  const { publicKey } = await suite.hpke.deriveKeyPair(state.keySchedule.externalSecret);
  const externalPub = await suite.hpke.exportPublicKey(publicKey);
  return createGroupInfo(state.groupContext, state.confirmationTag, state, [
    { extensionType: "external_pub", extensionData: encode(varLenDataEncoder)(externalPub) },
    { extensionType: "ratchet_tree", extensionData: encode(ratchetTreeEncoder)(state.ratchetTree) },
  ], suite);
}

// ts-mls checks the signature over the extensions as they are, but finds the key by find: only there is it unwrapped.
class Extensions extends Array {
  find(...how) {
    const found = super.find(...how);
    const key = found?.extensionType === "external_pub" ? decodeVarLenData(found.extensionData, 0) : undefined;
    return key?.[1] === found?.extensionData.length && key !== undefined ? { ...found, extensionData: key[0] } : found;
  }
}

export function readable(groupInfo) {
  return { ...groupInfo, extensions: Extensions.from(groupInfo.extensions) };
}
