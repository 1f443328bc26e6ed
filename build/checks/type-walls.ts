/**
 * Proves that the environments have walls: in a file of shared/domain a call to the DOM or to Node does not compile,
 * and what both worlds share does. Without this a loosened tsconfig would let it slip back unseen.
 */
import { resolve } from 'node:path';
import ts from 'typescript';
import { report } from './report.ts';

interface Wall {
  source: string;
  compiles: boolean;
}

const walls: Wall[] = [
  { source: 'document.title = "x";', compiles: false },
  { source: 'window.setTimeout(() => {}, 1);', compiles: false },
  { source: 'localStorage.getItem("x");', compiles: false },
  { source: 'fetch("https://app.example.com");', compiles: false },
  { source: 'process.exit(0);', compiles: false },
  { source: 'Buffer.from("x");', compiles: false },
  { source: 'import { readFileSync } from "node:fs"; readFileSync("x");', compiles: false },
  { source: 'import { createHash } from "crypto"; createHash("sha256");', compiles: false },
  { source: 'setTimeout(() => {}, 1);', compiles: false },
  { source: 'console.log("x");', compiles: false },
  { source: 'new Date().toISOString(); structuredClone({}); new URL("https://app.example.com");', compiles: true },
  {
    source: 'const key: CryptoKeyPair = await crypto.subtle.generateKey("Ed25519", true, ["sign"]); key.publicKey;',
    compiles: true,
  },
];

const configFile = resolve('tsconfig/pure.json');
const config = ts.parseJsonConfigFileContent(
  ts.readConfigFile(configFile, ts.sys.readFile).config,
  ts.sys,
  resolve('tsconfig'),
);
const globals = resolve('tsconfig/pure-globals.d.ts');
const sources = new Map(walls.map((wall, index) => [resolve(`shared/domain/wall-${index}.ts`), wall]));

const host = ts.createCompilerHost(config.options);
const { getSourceFile, fileExists, readFile } = host;
host.fileExists = (path) => sources.has(path) || fileExists(path);
host.readFile = (path) => sources.get(path)?.source ?? readFile(path);
host.getSourceFile = (path, ...rest) => {
  const wall = sources.get(path);
  return wall
    ? ts.createSourceFile(path, `${wall.source}\nexport {};\n`, rest[0])
    : getSourceFile.call(host, path, ...rest);
};

const program = ts.createProgram({ rootNames: [globals, ...sources.keys()], options: config.options, host });
const problems: string[] = [];
for (const [path, wall] of sources) {
  const source = program.getSourceFile(path);
  const errors = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  if (errors.length === 0 && !wall.compiles) problems.push(`compiles in shared/domain but must not: ${wall.source}`);
  if (errors.length > 0 && wall.compiles) {
    const first = ts.flattenDiagnosticMessageText(errors[0]?.messageText ?? '', '\n');
    problems.push(`does not compile in shared/domain but must: ${wall.source}\n  ${first}`);
  }
}
report(problems, 'See tsconfig/pure.json and tsconfig/pure-globals.d.ts.');
