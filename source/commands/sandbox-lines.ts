/** How the line of the sandbox's text begins that names its kubeconfig; with it, everything is ready. */
export const KUBECONFIG_LINE = 'kubeconfig ';
