// The commands: each takes the session and the rest of its line, and gives the next session and the lines to answer.
import { readFileSync, writeFileSync } from "node:fs";
import * as mls from "ts-mls";
import { defaultClientConfig } from "ts-mls/clientConfig.js";
import { makeGroupInfo, readable } from "./externalPub.mjs";
import { openSuite, signatureKeyPair } from "./suites.mjs";

const hour = 3600n;
const proposalNames = { add: 1, update: 2, remove: 3, psk: 4, reinit: 5, external_init: 6, group_context_extensions: 7 };

export function emptySession() {
  return { suiteId: 1, identity: undefined, signer: undefined, publicWire: false, hold: false, keyPackages: [], psks: {}, owedPsks: [], group: undefined, held: undefined };
}

// ── words of a line ────────────────────────────────────────────────────────────────

function refuse(name, sentence) {
  throw Object.assign(new Error(sentence), { name });
}

function bytes(hex) {
  return /^([0-9a-f]{2})*$/i.test(hex) ? new Uint8Array(Buffer.from(hex, "hex")) : refuse("Usage", "That is not hex.");
}

function wholeNumber(text) {
  return /^\d{1,9}$/.test(text) ? Number(text) : refuse("Usage", "That is not a number.");
}

function words(rest) {
  return rest.split(" ").filter((word) => word !== "");
}

const hex = (data) => Buffer.from(data).toString("hex");
const utf8 = (text) => new TextEncoder().encode(text);

// ── MLSMessages ────────────────────────────────────────────────────────────────────

function decode(text, ...wireformats) {
  const input = bytes(text);
  const decoded = mls.decodeMlsMessage(input, 0);
  if (decoded === undefined || decoded[1] !== input.length) {
    refuse("Malformed", "The bytes are not an MLSMessage.");
  }
  return wireformats.includes(decoded[0].wireformat) ? decoded[0] : refuse("UnexpectedMessage", "The message is of another kind.");
}

const encode = (message) => hex(mls.encodeMlsMessage({ version: "mls10", ...message }));

// ── what a command needs to be there ───────────────────────────────────────────────

const groupOf = (session) => session.group ?? refuse("NoGroup", "There is no group yet.");

async function signerOf(session) {
  if (session.identity === undefined) {
    refuse("NoIdentity", "Say identity first.");
  }
  return session.signer ?? signatureKeyPair(await openSuite(session.suiteId));
}

async function newKeyPackage(session) {
  const suite = await openSuite(session.suiteId);
  const signer = await signerOf(session);
  const now = BigInt(Math.floor(Date.now() / 1000));
  const lifetime = { notBefore: now - hour, notAfter: now + 24n * 28n * hour };
  const credential = { credentialType: "basic", identity: utf8(session.identity) };
  const made = await mls.generateKeyPackageWithKey(credential, mls.defaultCapabilities(), lifetime, [], signer, suite);
  return { suite, signer, made };
}

const pskIndex = (session, state) => mls.makePskIndex(state, session.psks);

// ── commits ────────────────────────────────────────────────────────────────────────

// The external PSKs said since the last commit go with the next one.
function owedPskProposals(session, suite) {
  return session.owedPsks.map((id) => ({
    proposalType: "psk",
    psk: { preSharedKeyId: { psktype: "external", pskId: utf8(id), pskNonce: suite.rng.randomBytes(suite.kdf.size) } },
  }));
}

async function commit(session, proposals) {
  const state = groupOf(session);
  if (session.held !== undefined) {
    refuse("PendingCommit", "A commit is pending: confirm or drop it.");
  }
  const suite = await openSuite(session.suiteId);
  const result = await mls.createCommit(
    { state, cipherSuite: suite, pskIndex: pskIndex(session, state) },
    { wireAsPublicMessage: session.publicWire, ratchetTreeExtension: true, extraProposals: [...proposals, ...owedPskProposals(session, suite)] },
  );
  const lines = [`commit ${encode(result.commit)}`];
  if (result.welcome !== undefined) {
    lines.push(`welcome ${encode({ wireformat: "mls_welcome", welcome: result.welcome })}`);
  }
  return { next: merged({ ...session, owedPsks: [] }, result.newState), lines };
}

function merged(session, state) {
  return session.hold ? { ...session, held: state } : { ...session, group: state };
}

// ── processing ─────────────────────────────────────────────────────────────────────

// processMessage hands a PrivateMessage an empty PSK index, so the two kinds are handed over directly.
async function receive(session, message) {
  const state = groupOf(session);
  const suite = await openSuite(session.suiteId);
  let seen;
  const note = (incoming) => { seen = incoming; return "accept"; };
  const result = message.wireformat === "mls_public_message"
    ? { kind: "newState", ...(await mls.processPublicMessage(state, message.publicMessage, pskIndex(session, state), suite, note)) }
    : await mls.processPrivateMessage(state, message.privateMessage, pskIndex(session, state), suite, note);
  const next = { ...session, group: result.newState };
  if (result.kind === "applicationMessage") {
    return { next, lines: [`application ${new TextDecoder().decode(result.message)}`] };
  }
  if (seen?.kind === "proposal") {
    const type = seen.proposal.proposal.proposalType;
    return { next, lines: [`proposal ${type in proposalNames ? type : "custom"}`] };
  }
  // The epoch that ended took its pending commit with it, and carried the PSKs that were owed.
  const ended = { ...next, held: undefined, owedPsks: session.owedPsks.filter((id) => !carried(seen, id)) };
  return { next: ended, lines: [`epoch ${epochAfter(state, result.newState)}`] };
}

const carried = (seen, id) => (seen?.proposals ?? []).some(({ proposal }) =>
  proposal.proposalType === "psk" && proposal.psk.preSharedKeyId.psktype === "external" && hex(proposal.psk.preSharedKeyId.pskId) === hex(utf8(id)));

// A member that a commit removes stays behind, but the commit made an epoch all the same.
const epochAfter = (before, after) => after.groupActiveState.kind === "removedFromGroup" ? before.groupContext.epoch + 1n : after.groupContext.epoch;

async function joinWithAny(session, welcome) {
  let refusal = new Error("There is no key package.");
  for (const { made } of session.keyPackages) {
    const suite = await openSuite(session.suiteId);
    try {
      return await mls.joinGroup(welcome, made.publicPackage, made.privatePackage, pskIndex(session, undefined), suite);
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

// ── the protocol ───────────────────────────────────────────────────────────────────

export const commands = {
  async suite(session, rest) {
    const suiteId = wholeNumber(rest);
    await openSuite(suiteId);
    return { next: { ...session, suiteId, signer: undefined } };
  },

  async identity(session, rest) {
    return { next: { ...session, identity: rest, signer: undefined } };
  },

  async wire(session, rest) {
    return rest === "public" || rest === "private" ? { next: { ...session, publicWire: rest === "public" } } : refuse("Usage", "Say public or private.");
  },

  async keypackage(session) {
    const { signer, made } = await newKeyPackage(session);
    const next = { ...session, signer, keyPackages: [...session.keyPackages, { made }] };
    return { next, lines: [`keypackage ${encode({ wireformat: "mls_key_package", keyPackage: made.publicPackage })}`] };
  },

  async create(session, rest) {
    const { suite, signer, made } = await newKeyPackage(session);
    const group = await mls.createGroup(bytes(rest), made.publicPackage, made.privatePackage, [], suite);
    return { next: { ...session, signer, group, held: undefined } };
  },

  async add(session, rest) {
    const packages = words(rest).map((word) => decode(word, "mls_key_package").keyPackage);
    return packages.length === 0 ? refuse("Usage", "Name a key package.") : commit(session, packages.map((keyPackage) => ({ proposalType: "add", add: { keyPackage } })));
  },

  async join(session, rest) {
    const group = await joinWithAny(session, decode(rest, "mls_welcome").welcome);
    return { next: { ...session, group, held: undefined } };
  },

  async update(session) {
    return commit(session, []);
  },

  async remove(session, rest) {
    const indexes = words(rest).map(wholeNumber);
    return indexes.length === 0 ? refuse("Usage", "Name a leaf index.") : commit(session, indexes.map((removed) => ({ proposalType: "remove", remove: { removed } })));
  },

  async groupinfo(session) {
    const groupInfo = await makeGroupInfo(groupOf(session), await openSuite(session.suiteId));
    return { lines: [`groupinfo ${encode({ wireformat: "mls_group_info", groupInfo })}`] };
  },

  async external(session, rest) {
    const { groupInfo } = decode(rest, "mls_group_info");
    const { suite, signer, made } = await newKeyPackage(session);
    const joined = await mls.joinGroupExternal(readable(groupInfo), made.publicPackage, made.privatePackage, false, suite);
    const line = `commit ${encode({ wireformat: "mls_public_message", publicMessage: joined.publicMessage })}`;
    return { next: merged({ ...session, signer }, joined.newState), lines: [line] };
  },

  async psk(session, rest) {
    const [id, secret] = words(rest);
    if (secret === undefined) {
      refuse("Usage", "Say the id and the secret.");
    }
    return { next: { ...session, psks: { ...session.psks, [mls.bytesToBase64(utf8(id))]: bytes(secret) }, owedPsks: [...session.owedPsks, id] } };
  },

  async process(session, rest) {
    return receive(session, decode(rest, "mls_public_message", "mls_private_message"));
  },

  async send(session, rest) {
    const sent = await mls.createApplicationMessage(groupOf(session), utf8(rest), await openSuite(session.suiteId));
    return { next: { ...session, group: sent.newState }, lines: [`message ${encode({ wireformat: "mls_private_message", privateMessage: sent.privateMessage })}`] };
  },

  async export(session, rest) {
    const [label, context, length] = rest.split(" ");
    const suite = await openSuite(session.suiteId);
    const secret = await mls.mlsExporter(groupOf(session).keySchedule.exporterSecret, label, bytes(context ?? ""), wholeNumber(length ?? ""), suite);
    return { lines: [`secret ${hex(secret)}`] };
  },

  async members(session) {
    const leaves = groupOf(session).ratchetTree.map((node, index) => [index / 2, node]).filter(([, node]) => node?.nodeType === "leaf");
    return { lines: [`members ${leaves.map(([index, node]) => `${index}:${new TextDecoder().decode(node.leaf.credential.identity)}`).join(" ")}`] };
  },

  async authenticator(session) {
    return { lines: [`authenticator ${hex(groupOf(session).keySchedule.epochAuthenticator)}`] };
  },

  async save(session, rest) {
    const saved = { suiteId: session.suiteId, identity: session.identity, publicWire: session.publicWire, psks: session.psks };
    writeFileSync(rest, JSON.stringify({ ...saved, group: hex(mls.encodeGroupState(groupOf(session))) }, (_, value) => value instanceof Uint8Array ? hex(value) : value));
    return {};
  },

  async load(session, rest) {
    const saved = JSON.parse(readFileSync(rest, "utf8"));
    const psks = Object.fromEntries(Object.entries(saved.psks).map(([id, secret]) => [id, bytes(secret)]));
    const group = { ...mls.decodeGroupState(bytes(saved.group), 0)[0], clientConfig: defaultClientConfig };
    return { next: { ...emptySession(), ...saved, psks, group } };
  },

  async hold(session, rest) {
    return rest === "on" || rest === "off" ? { next: { ...session, hold: rest === "on" } } : refuse("Usage", "Say on or off.");
  },

  async confirm(session) {
    return { next: { ...session, group: session.held ?? refuse("NoPendingCommit", "No commit is pending."), held: undefined } };
  },

  async drop(session) {
    return { next: session.held === undefined ? refuse("NoPendingCommit", "No commit is pending.") : { ...session, held: undefined } };
  },
};
