/**
 * `node build/run.mjs preview -- [PORT]`: the screens over the double of the bridge, as they are edited. Every address
 * is theirs; `?state=` chooses the fleet (renderer/dev/states.ts). Stop it with Ctrl-C.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Plugin } from 'vite';
import { rendererConfig } from './web/renderer-config.ts';

const port = Number(process.argv[2] ?? 5180);

/** Answers every address of a screen with the page of the preview. */
const page: Plugin = {
  name: 'preview-page',
  configureServer(server) {
    server.middlewares.use((request, response, next) => {
      const isDocument = request.method === 'GET' && request.headers.accept?.includes('text/html');
      if (!isDocument || request.url?.startsWith('/@')) return next();
      const html = readFileSync('renderer/dev/preview.html', 'utf8');
      server.transformIndexHtml('/dev/preview.html', html).then((text) => {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(text);
      }, next);
    });
  },
};

const config = rendererConfig();
const server = await createServer({
  ...config,
  configFile: false,
  plugins: [...(config.plugins ?? []), page],
  server: { host: '127.0.0.1', port, strictPort: true },
});
await server.listen();
console.log(`http://127.0.0.1:${port}/?state=normal`);
