/**
 * Node's `http`, asked for as a built-in: an import reads every one of its exports, among them `WebSocket`, which
 * loads Node's whole web client and costs the start 50 ms.
 */
export const { createServer, request, STATUS_CODES } = process.getBuiltinModule('node:http');
