/** Label and annotation keys that MetalK8s itself reads or writes on Kubernetes objects. */
export const VERSION_LABEL = 'metalk8s.scality.com/version';

/** Annotation of the Namespace `kube-system` that holds the version of the whole cluster. */
export const CLUSTER_VERSION_ANNOTATION = 'metalk8s.scality.com/cluster-version';

/** Annotation by which Calico publishes the address it took from the workload-plane CIDRs, with prefix length. */
export const WORKLOAD_ADDRESS_ANNOTATION = 'projectcalico.org/IPv4Address';

/** What each annotation for the salt-ssh roster of a node means, with its default. */
export const SSH_ANNOTATIONS: Record<string, string> = {
  'metalk8s.scality.com/ssh-host': 'address Salt connects to; the node name when not set',
  'metalk8s.scality.com/ssh-port': 'SSH port; 22 when not set',
  'metalk8s.scality.com/ssh-user': 'SSH user; root when not set',
  'metalk8s.scality.com/ssh-key-path': 'private key on the bootstrap node, under /etc/metalk8s/pki',
  'metalk8s.scality.com/ssh-sudo': 'any text, even "false", means sudo; leave it out for none',
};

/** What an annotation for the salt-ssh roster means, or null for any other key. */
export const sshMeaning = (key: string): string | null =>
  Object.hasOwn(SSH_ANNOTATIONS, key) ? (SSH_ANNOTATIONS[key] ?? null) : null;
