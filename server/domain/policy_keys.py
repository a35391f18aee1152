"""The catalogue of policy: every number a rule uses, with its unit, source and default (RULEBOOK throughout)."""

from server.domain.policy_key import PolicyKey
from server.domain.policy_keys_outlets import OUTLET_KEYS
from server.domain.policy_keys_pay import PAY_KEYS
from server.domain.policy_keys_retention import RETENTION_KEYS


def _keys(*keys: PolicyKey) -> dict[str, PolicyKey]:
    return {key.key: key for key in keys}


POLICY_KEYS = _keys(*OUTLET_KEYS, *PAY_KEYS, *RETENTION_KEYS)
ANSWERS_BEFORE = {key.key: key.before for key in POLICY_KEYS.values() if key.before}
