/** Messages of the Kubernetes API in the language of protobuf, as the server's own generated.proto files word them. */
export const MESSAGES = `
message TypeMeta { optional string apiVersion = 1; optional string kind = 2; }
message Time { optional int64 seconds = 1; optional int32 nanos = 2; }
message Quantity { optional string string = 1; }
message OwnerReference {
  optional string apiVersion = 5; optional string kind = 1; optional string name = 3; optional string uid = 4;
  optional bool controller = 6; optional bool blockOwnerDeletion = 7;
}
message ObjectMeta {
  optional string name = 1; optional string generateName = 2; optional string namespace = 3;
  optional string selfLink = 4; optional string uid = 5; optional string resourceVersion = 6;
  optional int64 generation = 7; optional Time creationTimestamp = 8; optional Time deletionTimestamp = 9;
  optional int64 deletionGracePeriodSeconds = 10; map<string, string> labels = 11;
  map<string, string> annotations = 12; repeated OwnerReference ownerReferences = 13; repeated string finalizers = 14;
  repeated ManagedFieldsEntry managedFields = 17;
}
message FieldsV1 { optional bytes Raw = 1; }
message ManagedFieldsEntry {
  optional string manager = 1; optional string operation = 2; optional string apiVersion = 3; optional Time time = 4;
  optional string fieldsType = 6; optional FieldsV1 fieldsV1 = 7; optional string subresource = 8;
}
message ListMeta {
  optional string selfLink = 1; optional string resourceVersion = 2; optional string continue = 3;
  optional int64 remainingItemCount = 4;
}
message StatusCause { optional string reason = 1; optional string message = 2; optional string field = 3; }
message StatusDetails {
  optional string name = 1; optional string group = 2; optional string kind = 3; optional string uid = 6;
  repeated StatusCause causes = 4; optional int32 retryAfterSeconds = 5;
}
message Status {
  optional ListMeta metadata = 1; optional string status = 2; optional string message = 3;
  optional string reason = 4; optional StatusDetails details = 5; optional int32 code = 6;
}
message LabelSelectorRequirement { optional string key = 1; optional string operator = 2; repeated string values = 3; }
message LabelSelector {
  map<string, string> matchLabels = 1; repeated LabelSelectorRequirement matchExpressions = 2;
}
message PartialObjectMetadata { optional ObjectMeta metadata = 1; }
message ObjectReference {
  optional string kind = 1; optional string namespace = 2; optional string name = 3; optional string uid = 4;
  optional string apiVersion = 5; optional string resourceVersion = 6; optional string fieldPath = 7;
}
message NamespaceSpec { repeated string finalizers = 1; }
message NamespaceStatus { optional string phase = 1; }
message Namespace {
  optional ObjectMeta metadata = 1; optional NamespaceSpec spec = 2; optional NamespaceStatus status = 3;
}
message EventSource { optional string component = 1; optional string host = 2; }
message Event {
  optional ObjectMeta metadata = 1; optional ObjectReference involvedObject = 2; optional string reason = 3;
  optional string message = 4; optional EventSource source = 5; optional Time firstTimestamp = 6;
  optional Time lastTimestamp = 7; optional int32 count = 8; optional string type = 9; optional Time eventTime = 10;
  optional string action = 12; optional string reportingComponent = 14; optional string reportingInstance = 15;
}
message Taint {
  optional string key = 1; optional string value = 2; optional string effect = 3; optional Time timeAdded = 4;
}
message NodeSpec {
  optional string podCIDR = 1; repeated string podCIDRs = 7; optional string providerID = 3;
  optional bool unschedulable = 4; repeated Taint taints = 5; optional string externalID = 2;
}
message NodeCondition {
  optional string type = 1; optional string status = 2; optional Time lastHeartbeatTime = 3;
  optional Time lastTransitionTime = 4; optional string reason = 5; optional string message = 6;
}
message NodeAddress { optional string type = 1; optional string address = 2; }
message DaemonEndpoint { optional int32 Port = 1; }
message NodeDaemonEndpoints { optional DaemonEndpoint kubeletEndpoint = 1; }
message NodeSystemInfo {
  optional string machineID = 1; optional string systemUUID = 2; optional string bootID = 3;
  optional string kernelVersion = 4; optional string osImage = 5; optional string containerRuntimeVersion = 6;
  optional string kubeletVersion = 7; optional string kubeProxyVersion = 8; optional string operatingSystem = 9;
  optional string architecture = 10;
}
message ContainerImage { repeated string names = 1; optional int64 sizeBytes = 2; }
message NodeStatus {
  map<string, Quantity> capacity = 1; map<string, Quantity> allocatable = 2; optional string phase = 3;
  repeated NodeCondition conditions = 4; repeated NodeAddress addresses = 5;
  optional NodeDaemonEndpoints daemonEndpoints = 6; optional NodeSystemInfo nodeInfo = 7;
  repeated ContainerImage images = 8;
}
message Node { optional ObjectMeta metadata = 1; optional NodeSpec spec = 2; optional NodeStatus status = 3; }
message NodeSelectorRequirement { optional string key = 1; optional string operator = 2; repeated string values = 3; }
message NodeSelectorTerm {
  repeated NodeSelectorRequirement matchExpressions = 1; repeated NodeSelectorRequirement matchFields = 2;
}
message NodeSelector { repeated NodeSelectorTerm nodeSelectorTerms = 1; }
message LocalVolumeSource { optional string path = 1; optional string fsType = 2; }
message VolumeNodeAffinity { optional NodeSelector required = 1; }
message PersistentVolumeSource { optional LocalVolumeSource local = 20; }
message PersistentVolumeSpec {
  map<string, Quantity> capacity = 1; optional PersistentVolumeSource persistentVolumeSource = 2;
  repeated string accessModes = 3; optional ObjectReference claimRef = 4;
  optional string persistentVolumeReclaimPolicy = 5; optional string storageClassName = 6;
  repeated string mountOptions = 7; optional string volumeMode = 8; optional VolumeNodeAffinity nodeAffinity = 9;
}
message PersistentVolumeStatus {
  optional string phase = 1; optional string message = 2; optional string reason = 3;
  optional Time lastPhaseTransitionTime = 4;
}
message PersistentVolume {
  optional ObjectMeta metadata = 1; optional PersistentVolumeSpec spec = 2; optional PersistentVolumeStatus status = 3;
}
message ResourceRequirements { map<string, Quantity> limits = 1; map<string, Quantity> requests = 2; }
message PersistentVolumeClaimSpec {
  repeated string accessModes = 1; optional LabelSelector selector = 4; optional ResourceRequirements resources = 2;
  optional string volumeName = 3; optional string storageClassName = 5; optional string volumeMode = 6;
}
message PersistentVolumeClaimStatus {
  optional string phase = 1; repeated string accessModes = 2; map<string, Quantity> capacity = 3;
}
message PersistentVolumeClaim {
  optional ObjectMeta metadata = 1; optional PersistentVolumeClaimSpec spec = 2;
  optional PersistentVolumeClaimStatus status = 3;
}
message StorageClass {
  optional ObjectMeta metadata = 1; optional string provisioner = 2; map<string, string> parameters = 3;
  optional string reclaimPolicy = 4; repeated string mountOptions = 5; optional bool allowVolumeExpansion = 6;
  optional string volumeBindingMode = 7;
}
message ContainerPort {
  optional string name = 1; optional int32 hostPort = 2; optional int32 containerPort = 3;
  optional string protocol = 4; optional string hostIP = 5;
}
message Container {
  optional string name = 1; optional string image = 2; repeated string command = 3; repeated string args = 4;
  optional string workingDir = 5; repeated ContainerPort ports = 6; optional ResourceRequirements resources = 8;
  optional string terminationMessagePath = 13; optional string imagePullPolicy = 14; optional bool stdin = 16;
  optional bool stdinOnce = 17; optional bool tty = 18; optional string terminationMessagePolicy = 20;
  optional string restartPolicy = 24;
}
message PersistentVolumeClaimVolumeSource { optional string claimName = 1; optional bool readOnly = 2; }
message VolumeSource { optional PersistentVolumeClaimVolumeSource persistentVolumeClaim = 10; }
message Volume { optional string name = 1; optional VolumeSource volumeSource = 2; }
message NodeAffinity { optional NodeSelector requiredDuringSchedulingIgnoredDuringExecution = 1; }
message Affinity { optional NodeAffinity nodeAffinity = 1; }
message Toleration {
  optional string key = 1; optional string operator = 2; optional string value = 3; optional string effect = 4;
  optional int64 tolerationSeconds = 5;
}
message PodSecurityContext { }
message PodSpec {
  repeated Volume volumes = 1; repeated Container initContainers = 20; repeated Container containers = 2;
  optional string restartPolicy = 3; optional int64 terminationGracePeriodSeconds = 4; optional string dnsPolicy = 6;
  map<string, string> nodeSelector = 7; optional string serviceAccountName = 8; optional string serviceAccount = 9;
  optional string nodeName = 10; optional bool hostNetwork = 11; optional bool hostPID = 12; optional bool hostIPC = 13;
  optional PodSecurityContext securityContext = 14; optional string hostname = 16; optional string subdomain = 17;
  optional Affinity affinity = 18; optional string schedulerName = 19; repeated Toleration tolerations = 22;
  optional string priorityClassName = 24; optional int32 priority = 25; optional bool enableServiceLinks = 30;
  optional string preemptionPolicy = 31;
}
message PodCondition {
  optional string type = 1; optional int64 observedGeneration = 7; optional string status = 2;
  optional Time lastProbeTime = 3; optional Time lastTransitionTime = 4; optional string reason = 5;
  optional string message = 6;
}
message ContainerStateWaiting { optional string reason = 1; optional string message = 2; }
message ContainerStateRunning { optional Time startedAt = 1; }
message ContainerStateTerminated {
  optional int32 exitCode = 1; optional int32 signal = 2; optional string reason = 3; optional string message = 4;
  optional Time startedAt = 5; optional Time finishedAt = 6; optional string containerID = 7;
}
message ContainerState {
  optional ContainerStateWaiting waiting = 1; optional ContainerStateRunning running = 2;
  optional ContainerStateTerminated terminated = 3;
}
message ContainerStatus {
  optional string name = 1; optional ContainerState state = 2; optional ContainerState lastState = 3;
  optional bool ready = 4; optional int32 restartCount = 5; optional string image = 6; optional string imageID = 7;
  optional string containerID = 8; optional bool started = 9;
}
message PodIP { optional string ip = 1; }
message PodStatus {
  optional int64 observedGeneration = 17; optional string phase = 1; repeated PodCondition conditions = 2;
  optional string message = 3; optional string reason = 4; optional string nominatedNodeName = 11;
  optional string hostIP = 5; repeated PodIP hostIPs = 16; optional string podIP = 6; repeated PodIP podIPs = 12;
  optional Time startTime = 7; repeated ContainerStatus initContainerStatuses = 10;
  repeated ContainerStatus containerStatuses = 8; optional string qosClass = 9; optional string resize = 14;
}
message Pod { optional ObjectMeta metadata = 1; optional PodSpec spec = 2; optional PodStatus status = 3; }
`;
