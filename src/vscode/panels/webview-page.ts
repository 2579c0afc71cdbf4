import * as vscode from 'vscode';

export interface WebviewPage {
  /** The name of the script and the style sheet in `dist/webview`. */
  readonly name: string;
  readonly title: string;
  /** What the page is about, for its own use. */
  readonly run: string;
}

/** Where a webview may load from; nothing else of the disk. */
export function webviewRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/** A page that can load Cairn's own script and styles, and nothing else at all. */
export function webviewPage(webview: vscode.Webview, extensionUri: vscode.Uri, page: WebviewPage): string {
  const uri = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(webviewRoot(extensionUri), file)).toString();
  const nonce = crypto.randomUUID().replaceAll('-', '');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <link rel="stylesheet" href="${uri('codicon.css')}" id="vscode-codicon-stylesheet">
  <link rel="stylesheet" href="${uri(`${page.name}.css`)}">
  <title>${escaped(page.title)}</title>
</head>
<body>
  <div id="root" data-run="${escaped(page.run)}"></div>
  <script nonce="${nonce}" src="${uri(`${page.name}.js`)}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
