// What Chromium's own tools do and say of a page.

import type { CDPSession, Page } from '@playwright/test'

/** As if the processor took so many times as long for everything that the page does. */
export const slow = async (page: Page, rate: number) => {
  const tools = await page.context().newCDPSession(page)
  await tools.send('Emulation.setCPUThrottlingRate', { rate })
  return tools
}

/** Bytes that JavaScript and WebAssembly still need, after a collection of what they do not. */
export const heap = async (tools: CDPSession) => {
  await tools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await tools.send('Runtime.getHeapUsage')
  const { result: prototype } = await tools.send('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' })
  const { objects } = await tools.send('Runtime.queryObjects', { prototypeObjectId: prototype.objectId! })
  const { result } = await tools.send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration: 'function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0) }',
  })
  return { js: usedSize, wasm: result.value as number }
}

/** Seconds that the page has worked for since it was opened. */
export const busy = async (tools: CDPSession) => {
  await tools.send('Performance.enable')
  const { metrics } = await tools.send('Performance.getMetrics')
  return metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? NaN
}
