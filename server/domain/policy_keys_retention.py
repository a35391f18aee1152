"""Policy of phones' clocks, and of how long phones and the server keep what they have."""

from server.domain.policy_key import PolicyKey

RETENTION_KEYS = (
    PolicyKey("sync.acked_retention_days", "days", "integer", "手机保留已收下记录", "Days a phone keeps received records", "SYNC §1", "14"),
    PolicyKey("sync.skew_flag_ms", "ms", "integer", "手机时差超过则提示", "Clock difference that is flagged", "SYNC §4", "300000"),
    PolicyKey(
        "retention.unused_codes_days",
        "days",
        "integer",
        "没用过的登录码过期后保留",
        "Days an unused sign-in code stays after it expired",
        "DESIGN §1",
        "30",
        most="3650",
    ),
    PolicyKey(
        "retention.failures_days",
        "days",
        "integer",
        "服务器处理失败的次数保留",
        "Days the server's failures on a record stay counted",
        "DESIGN §1",
        "90",
        most="3650",
        least="90",
    ),
    PolicyKey(
        "retention.nights_days",
        "days",
        "integer",
        "夜间核对的结果保留",
        "Days the results of nights stay",
        "DESIGN §1",
        "400",
        most="3650",
        least="31",
    ),
    PolicyKey(
        "privacy.wage_years",
        "years",
        "integer",
        "个人信息删除后，工资凭据保留",
        "Years that proof of wages stays once personal data was erased",
        "工资支付暂行规定 §6",
        "2",
        most="30",
        least="2",
    ),
)
