import { off } from './switch.ts';

/**
 * Every check that a test build can be without. No such switch is in the product: these texts are replaced while a build
 * for the attacks is made, and nowhere else.
 */
export const switches = {
  'command-counter': off('CMD-4', [
    'shared/trust/commands/decide-command.ts',
    'if (command.counter <= seen)',
    'if (command.counter < 0)',
  ]),
  'command-session': off('CMD-2', [
    'shared/trust/commands/decide-command.ts',
    'if (command.session !== session)',
    'if (command.session === "")',
  ]),
  'command-node': off('CMD-1', [
    'shared/trust/commands/decide-command.ts',
    'if (command.node !== node)',
    'if (command.node === "")',
  ]),
  'command-expiry': off('CMD-3', [
    'shared/trust/commands/decide-command.ts',
    'if (expiresMs <= now)',
    'if (expiresMs < 0)',
  ]),
  'release-floor': off('REL-2', [
    'shared/trust/releases/decide-release.ts',
    'if (last && last.payload.number < at.number)',
    'if (last && last.payload.number < 0)',
  ]),
  'release-known': off('REL-5', [
    'shared/trust/releases/decide-release.ts',
    'if (known) return ok({ known });',
    'if (known && known === undefined) return ok({ known });',
  ]),
  'release-node': off('REL-6', [
    'shared/trust/releases/decide-release.ts',
    'if (payload.node !== node)',
    'if (payload.node === "")',
  ]),
  signature: off('ENV-3', [
    'shared/trust/envelopes/open-envelope.ts',
    'if (!(await verifySignature(publicKey, preAuthEncoding(parsed.value.payloadType, bytes), sig)))',
    'if (publicKey === "" && sig.length > 0)',
  ]),
  'signature-length': off('ENV-1', [
    'shared/trust/envelopes/parse-envelope.ts',
    'if (fromBase64(signature.sig)?.length !== 64)',
    'if (signature.sig === "*")',
  ]),
  'known-signer': off('ENV-3: a key counts only when it stands in the log', [
    'shared/trust/envelopes/open-envelope.ts',
    'if (publicKey === undefined) return err(unknownSigner(keyid));\n  if (keyIdOf(publicKey) !== keyid || !soundPublicKey(publicKey)) return err(badKey(keyid));',
    'if (publicKey === undefined) return ok({ payload: JSON.parse(new TextDecoder().decode(bytes)), payloadBytes: bytes, itemHash: sha256Hex(bytes), signer: keyid });',
  ]),
  'signer-allowed': off('REL-7, CMD-5', [
    'shared/trust/log/permissions.ts',
    'const device = state.devices.get(deviceId);\n  if (!device) return err(unknownSigner(state, deviceId));\n  const role',
    'const device = state.devices.get(deviceId);\n  if (!device) return ok();\n  const role',
  ]),
  'gate-text': off('gate 1: the raw Compose text', [
    'agent/node/apply/prepare-app.ts',
    'need(\n    judgeCompose(body.compose, {',
    '((judged: unknown) => judged)(\n    judgeCompose(body.compose, {',
  ]),
  'gate-model': off('gate 3: the resolved model', [
    'agent/node/apply/prepare-app.ts',
    'need(judgeModel(resolved.model,',
    'void (judgeModel(resolved.model,',
  ]),
  'gate-inspect': off('the last look: what the engine made', [
    'agent/node/apply/bring-up.ts',
    'need(compareInspect(model, containers));',
    'void compareInspect(model, containers);',
  ]),
  ownership: off('P4: what carries our names is in the record and carries our labels', [
    'agent/node/apply/ownership.ts',
    'const project = projectName(appId);\n  const labelsFit',
    'const project = projectName(appId);\n  if (fleet !== "") return ok();\n  const labelsFit',
  ]),
  'image-digest': off('the digest in the release is what runs', [
    'agent/node/apply/prepare-app.ts',
    'const digest = request.digests?.[name] ?? request.body.images[name]?.digest ?? null;',
    'const digest = null;',
  ]),
  'stack-path': off('a file of a stack has a plain relative path', [
    'agent/node/gates/stack-objects.ts',
    'if (stackPath(path) !== path || files.some((file) => clash(file.path, path))) return err(badPath(path));',
    'if (files.some((file) => clash(file.path, path))) return err(badPath(path));',
  ]),
  'route-gate': off('the names of routes, before anything starts', [
    'agent/node/gates/route-gate.ts',
    'const hostname = parseHostname(route.hostname);\n    if (!hostname.ok) return hostname;',
    'const hostname = { value: route.hostname };',
  ]),
  'route-file': off('what goes into the file of Traefik', [
    'shared/domain/routes/traefik-file.ts',
    'const hostname = parseHostname(route.hostname);\n    if (!hostname.ok) return hostname;\n    const wrong',
    'const hostname = { value: route.hostname };\n    const wrong',
  ]),
  'strict-json': off('ENV-5', [
    'shared/trust/strict-json.ts',
    'return problem === undefined ? ok(JSON.parse(text) as unknown) : err(problem);',
    'return ok(JSON.parse(text) as unknown);',
  ]),
  'chain-complete': off('REL-3', [
    'shared/trust/releases/decide-release.ts',
    'if (rise > above.length)',
    'if (rise > above.length && rise < 0)',
  ]),
  'chain-order': off('REL-3', [
    'shared/trust/releases/decide-release.ts',
    'if (payload.number !== number + 1)',
    'if (payload.number < 0)',
  ]),
  'chain-previous': off('REL-3', [
    'shared/trust/releases/decide-release.ts',
    'if (payload.previous !== previous)',
    'if (payload.number < 0)',
  ]),
  'accept-by': off('REL-8', [
    'shared/trust/releases/decide-release.ts',
    'if (acceptByMs <= now)',
    'if (acceptByMs < 0)',
  ]),
  'owner-threshold': off('LOG-24', [
    'shared/trust/log/threshold.ts',
    "if (!standing.some(({ entry }) => entry.kind === 'threshold'))",
    'if (standing.length >= 0)',
  ]),
  'votes-by-signer': off('LOG-24: one vote for each owner', [
    'shared/trust/log/threshold.ts',
    ': signers.size, need };',
    ': same.length, need };',
  ]),
  'revocation-voids': off('LOG-16', [
    'shared/trust/log/standing.ts',
    'if (!voidedBy.get(entry)?.some(stands) && rests.hasGround(entry, stands))',
    'if (entry.hash.length > 0)',
  ]),
  'elder-stays': off('LOG-17', [
    'shared/trust/log/standing.ts',
    'if (part.get(voider) === part.get(entry) && !rests.isElder(voider, entry)) continue;',
    '',
  ]),
  'reserved-keys': off('ENV-5: no __proto__, constructor or prototype', [
    'shared/trust/strict-json.ts',
    'if (RESERVED.has(value)) return reservedKey(value);',
    "if (RESERVED.has(value) && value === '') return reservedKey(value);",
  ]),
  holding: off('HOLD-1', [
    'agent/node/reconcile/release-intake.ts',
    'if (holds && !context.hold.letsPass(header))',
    'if (holds && header.itemHash === "")',
  ]),
  'holding-chain': off('HOLD-5', [
    'shared/trust/holding/decide-statement.ts',
    'if (chain.seqOf(nodeAuditHead) === nodeAuditSeq)',
    'if (nodeAuditSeq >= 0)',
  ]),
  'holding-trust': off('HOLD-4', [
    'shared/trust/holding/decide-statement.ts',
    'if (trust.value > 0)',
    'if (trust.value < 0)',
  ]),
  'time-floor': off('HOLD-11', [
    'agent/node/holding/time-floor.ts',
    'Math.max(clock.nowMs(), Math.floor(floorMs() ?? Number.NEGATIVE_INFINITY));',
    'Math.max(clock.nowMs(), 0 * Math.floor(floorMs() ?? 0));',
  ]),
  'statement-life': off('HOLD-1: a statement is good for a day', [
    'shared/trust/holding/decide-hold.ts',
    'return ageMs > STATEMENT_LIFE_MS || ageMs < -CLOCK_SKEW_MS;',
    'return ageMs === Number.NEGATIVE_INFINITY;',
  ]),
  'command-ceiling': off('CMD-3: at most 15 minutes ahead', [
    'shared/trust/commands/decide-command.ts',
    'if (expiresMs > now + MAX_COMMAND_LIFE_MS + CLOCK_SKEW_MS)',
    'if (expiresMs < 0)',
  ]),
  'release-ceiling': off('REL-8: at most 7 days ahead', [
    'shared/trust/releases/decide-release.ts',
    'if (acceptByMs - now > MAX_ACCEPT_MS + CLOCK_SKEW_MS || signedLifeMs > MAX_ACCEPT_MS)',
    'if (signedLifeMs < 0)',
  ]),
  'link-certificate': off(
    'design.md §4: mutual TLS only',
    ['agent/link/server.ts', 'if (peerSpki(socket) !== undefined) return;', 'if (socket !== undefined) return;'],
    ['agent/link/server.ts', 'if (spki === undefined) return socket.destroy();', ''],
  ),
  'link-known-key': off('design.md §4: the key stands in the log', [
    'agent/link/server.ts',
    'if (nodeId === undefined) return refuse(403, unknownPeer(spki));',
    '',
  ]),
  'stranger-limit': off('design.md §4: strangers have so many connections and no more', [
    'shared/node/server-sockets.ts',
    'if (strangers.count() <= options.mostStrangers) return;',
    'if (strangers.count() >= 0) return;',
  ]),
  'dial-expected-key': off('design.md §4: the core is its key', [
    'agent/link/dial.ts',
    'if (spki !== undefined && options.isExpected(spki))',
    'if (spki !== undefined)',
  ]),
  'token-once': off('design.md §4: a token lets one node in', [
    'agent/core/usecases/enrol-node.ts',
    "if (held.state !== 'open') {",
    "if (held.state === 'refused') {",
  ]),
  'token-expiry': off('design.md §4: a token ends', [
    'agent/core/usecases/enrol-node.ts',
    'if (Date.parse(held.expiresAt) <= core.clock.nowMs()) throw',
    'if (Date.parse(held.expiresAt) < 0) throw',
  ]),
  'enrolment-proof': off('ENR-4', [
    'shared/trust/enrolment/request.ts',
    'if (!given || !request.isWellFormed() || !equalBytes(given, macOf(token, request)))',
    'if (!given)',
  ]),
  'token-genesis': off('ENR-5', [
    'agent/node/enrol/join.ts',
    'applyTrustEntries(createTrustState(token.genesis), entries)',
    'applyTrustEntries(createTrustState(), entries)',
  ]),
  'secret-binding': off('SEC-4', [
    'shared/trust/sealing/secret.ts',
    "if (!apps.includes(expect.appId)) return err(wrongSecret('apps', expect));",
    '',
  ]),
  'audit-links': off(
    'AUD-3',
    ['shared/trust/audit/chain.ts', 'if (link.seq !== before.seq + 1)', 'if (link.seq < 0)'],
    [
      'shared/trust/audit/chain.ts',
      'else if (link.prev !== (before.seq === 0 ? null : before.hash))',
      'else if (link.seq < 0)',
    ],
  ),
  'audit-witness': off('AUD-4', [
    'shared/trust/audit/chain.ts',
    'for (const { seq, head } of witnesses) {',
    'for (const { seq, head } of witnesses.slice(0, 0)) {',
  ]),
  'heads-compared': off('AUD-8', [
    'shared/device/fleet/open-fleet.ts',
    'if (heads.length === 0 || !trust.devices.has(device.deviceId)) return;',
    'if (heads.length >= 0) return;',
  ]),
  'visible-text': off('A8-26: text is shown, not obeyed', [
    'shared/kernel/visible-text.ts',
    '(cut ? text.slice(0, MAX_LINE_CHARACTERS) : text).replace(UNSAFE, escapeCharacter)',
    '(cut ? text.slice(0, MAX_LINE_CHARACTERS) : text).replace(/(?!)/g, escapeCharacter)',
  ]),
  'visible-json': off('A8-26: nor obeyed in JSON', [
    'shared/kernel/visible-text.ts',
    'return json.replace(UNSAFE, (character) => {',
    'return json.replace(/(?!)/g, (character) => {',
  ]),
  'log-line-length': off('A8-26: no line is held whole', [
    'agent/node/engine/lines.ts',
    'while (size > LINE_MAX_BYTES) {',
    'while (size > LINE_MAX_BYTES * 100_000) {',
  ]),
  'log-backlog': off('A8-26: a slow reader slows the engine', [
    'agent/node/engine/logs.ts',
    'if (waitingBytes > WAITING_MAX_BYTES)',
    'if (waitingBytes < 0)',
  ]),
};

export type SwitchName = keyof typeof switches;
