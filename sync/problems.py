"""The one catalogue of refusals: every code, its HTTP status, and what to tell the user in both languages."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """A kind of refusal. `status` is the HTTP status when it answers a whole request; for a single operation it is 200."""

    code: str
    status: int
    zh: str
    en: str

    def title(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class Problem(Exception):
    """A refusal of this request: `code` from the catalogue, `detail` about this very case, `extras` for the machine."""

    def __init__(self, code: str, detail: str = "", **extras: Any) -> None:
        super().__init__(code, detail)
        self.refusal = REFUSALS[code]
        self.detail = detail
        self.extras = extras

    def document(self, language: str) -> dict[str, Any]:
        """The JSON body of the answer."""
        return {"code": self.refusal.code, "title": self.refusal.title(language), "detail": self.detail, **self.extras}


@dataclass(frozen=True)
class OpProblem:
    """Why one operation was not simply applied; stored with it."""

    code: str
    detail: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        refusal = REFUSALS[self.code]
        return {"code": self.code, "title": refusal.zh, "title_en": refusal.en, "detail": self.detail, "fields": self.fields}


def _catalogue(*refusals: Refusal) -> dict[str, Refusal]:
    return {refusal.code: refusal for refusal in refusals}


REFUSALS = _catalogue(
    # whole requests
    Refusal("malformed", 400, "请求读不懂，没有改动任何东西。", "The request could not be read. Nothing was changed."),
    Refusal("auth_expired", 401, "登录已失效，请重新登录。", "You are signed out. Sign in again."),
    Refusal(
        "bad_token", 401, "访问令牌不对，或已经停用，请管理员再做一个。", "The token is wrong or was revoked. Ask an administrator for a new one."
    ),
    Refusal("sign_in_failed", 401, "工号或密码不对。", "The login or the password is wrong."),
    Refusal("forbidden", 403, "你的角色不能做这件事。", "Your role may not do this."),
    Refusal("wrong_owner", 403, "这台手机的记录属于另一个人。", "These records belong to another person."),
    Refusal("not_found", 404, "没有找到，或者不归你管。", "Not found, or not yours to see."),
    Refusal("method_not_allowed", 405, "这个地址不支持这种操作。", "This address does not support that method."),
    Refusal("epoch_changed", 409, "服务器的数据换过，手机会重新核对。", "The server's data was replaced; the phone checks again."),
    Refusal("gap", 409, "中间少了记录，手机会补发。", "Records are missing in between; the phone sends them again."),
    Refusal("forked", 409, "这台手机被复制过，手机会换一个编号再发。", "This phone was copied; it takes a new number and sends again."),
    Refusal("offset_conflict", 409, "照片传到的位置不一致，手机会接着传。", "The upload stands elsewhere; the phone goes on from there."),
    Refusal("stale", 409, "这一页打开后有人改过，请先看最新的。", "Somebody changed this since you opened it. Look at the newest first."),
    Refusal("sheet_open", 409, "这份工资单还是试算，关账后再确认。", "This wage sheet is not closed yet. Confirm it once it is."),
    Refusal(
        "sealed_elsewhere",
        409,
        "号码是用另一把密钥加密的，请管理员放回原来的密钥。",
        "Another key sealed this number. The administrator has to put that key back.",
    ),
    Refusal("code_used", 410, "这个码已经用过，请主管再发一个。", "This code was used already. Ask for a new one."),
    Refusal("code_expired", 410, "这个码过期了，请主管再发一个。", "This code has expired. Ask for a new one."),
    Refusal("upload_gone", 410, "这次上传已失效，手机会重新传。", "This upload is gone; the phone starts it again."),
    Refusal("tus_version", 412, "上传协议版本不对。", "The upload protocol version is not supported."),
    Refusal("too_large", 413, "一次发得太多，手机会分小批再发。", "Too much at once; the phone sends smaller batches."),
    Refusal("unsupported_type", 415, "内容类型不对。", "The content type is not supported."),
    Refusal("invalid", 422, "有几处要改。", "Some fields need a change."),
    Refusal("too_many_rows", 422, "行太多，一个文件装不下，先缩小筛选范围。", "Too many rows for one file. Narrow the filter first."),
    Refusal("too_many_requests", 429, "太频繁了，过一会儿再试。", "Too many requests. Try again in a while."),
    Refusal("checksum_mismatch", 460, "照片传坏了，手机会重新传。", "The photo arrived damaged; the phone sends it again."),
    Refusal("server_error", 500, "服务器出错了，已经记下，没有改动任何东西。", "The server failed. It was noted, nothing was changed."),
    Refusal("busy", 503, "服务器忙，手机会自己再试。", "The server is busy; the phone tries again by itself."),
    Refusal(
        "storage_full",
        503,
        "服务器存储空间满了，记录和照片留在手机上，腾出空间后会自己再发。",
        "The server has no room left. Records and photos stay on the phone, which tries again by itself.",
    ),
    # single operations
    Refusal(
        "invalid_record",
        200,
        "记录里有内容不对，已原样保存，等管理员处理。",
        "Part of the record is not valid. It is kept as it is for an administrator.",
    ),
    Refusal(
        "unknown_form",
        200,
        "表单比服务器新，已原样保存，服务器升级后自动处理。",
        "The form is newer than the server. It is kept and handled after an upgrade.",
    ),
    Refusal("unknown_outlet", 200, "没有这个网点，已原样保存，等管理员处理。", "There is no such outlet. The record is kept for an administrator."),
    Refusal(
        "unknown_region",
        200,
        "没有这个区域，或者从来不归你，已原样保存，等管理员处理。",
        "There is no such region, or it never was yours. The record is kept for an administrator.",
    ),
    Refusal("unknown_visit", 200, "要更正的巡检不存在，已原样保存。", "The visit to correct does not exist. The record is kept."),
    Refusal("unknown_finding", 200, "没有这件考核事项，或者不是你的。", "There is no such finding, or it is not yours."),
    Refusal("finding_dismissed", 200, "这件事项已经不予认定，不用再提异议。", "The finding was dismissed already. There is nothing to object to."),
    Refusal("objection_known", 200, "这一步已经提过异议，先提的有效。", "This step was objected to already. The first objection stands."),
    Refusal("objection_late", 200, "提异议的期限已过，原样保存，没有生效。", "The days to object are over. It is kept, but not in force."),
    Refusal("unknown_sheet", 200, "没有这个月的工资单。", "There is no wage sheet of that month."),
    Refusal("unknown_request", 200, "没有这份物料需求，已原样保存。", "There is no such request for materials. The record is kept."),
    Refusal("already_delivered", 200, "这份物料已经登记送达，先登记的有效。", "The materials were delivered already. The first delivery stands."),
    Refusal("unknown_complaint", 200, "没有这件投诉，已原样保存。", "There is no such complaint. The record is kept."),
    Refusal("complaint_void", 200, "这件投诉已作废，不用再处理。已原样保存。", "The complaint was voided. It needs no result. The record is kept."),
    Refusal("complaint_closed", 200, "这件投诉已经处理完，先登记的有效。", "The complaint was resolved already. The first result stands."),
    Refusal(
        "complaint_not_yours",
        200,
        "这件投诉由别人处理，原样保存，没有生效。",
        "Somebody else handles this complaint. The record is kept, but not in force.",
    ),
    Refusal("unknown_follow_up", 200, "没有这条备案，已原样保存。", "There is no such follow-up. The record is kept."),
    Refusal("unknown_checklist", 200, "没有这一版检查清单，已原样保存。", "There is no such version of a checklist. The record is kept."),
    Refusal("unknown_case", 200, "离网名单里没有这一户。", "There is no such customer on the churn list."),
    Refusal("case_decided", 200, "经理已经定了，这条没有生效。", "The manager has decided already. The word is kept, but not in force."),
    Refusal("word_late", 200, "说法的期限已过，原样保存，没有生效。", "The days to say so are over. The word is kept, but not in force."),
    Refusal("id_taken", 200, "编号已被另一条记录用了，已原样保存。", "The id is in use by another record. The record is kept."),
    Refusal(
        "op_id_reused",
        200,
        "同一个编号发来了不同内容，已原样保存，管理员会看到。",
        "The same id came with other content. It is kept and an administrator is told.",
    ),
    Refusal(
        "handler_failed",
        200,
        "服务器处理这条记录时出错，已原样保存，修好后自动处理。",
        "The server failed on this record. It is kept and handled after a repair.",
    ),
    Refusal(
        "field_conflict",
        200,
        "有人同时改过，以后到的为准，被替换的值留着，可以恢复。",
        "Somebody changed it too. The later one holds; the other is kept and can be restored.",
    ),
    Refusal(
        "waits_for_decision",
        200,
        "重要的内容有人同时改过，等主管决定用哪个。",
        "Somebody changed this important field too. A supervisor decides which holds.",
    ),
    Refusal(
        "position_moves",
        200,
        "网点的位置改了，等主管看过才用。",
        "The outlet's position is another one. It holds once a supervisor has looked.",
    ),
    Refusal(
        "account_moves",
        200,
        "网点的工号改了，等主管看过才用。",
        "The outlet's account number is another one. It holds once a supervisor has looked.",
    ),
    Refusal(
        "account_taken",
        200,
        "别的网点已经有这个工号，等主管看过才用。",
        "Another outlet has this account number. It holds once a supervisor has looked.",
    ),
    Refusal("not_yours_now", 200, "这个网点现在归别人负责，改动等主管决定。", "The outlet is now another rep's. A supervisor decides on the change."),
    Refusal(
        "people_erased",
        200,
        "这个网点的个人信息已经按要求删除，姓名和电话没有写入。",
        "The personal data of this outlet was erased; names and phones were not taken in.",
    ),
    Refusal(
        "identity_unopened",
        200,
        "证件号码打不开：公司的密钥换过，或者内容坏了。请在手机上重新填一次。",
        "The ID number cannot be opened: the company's key is another one, or it was damaged. Enter it again on the phone.",
    ),
    Refusal("identity_invalid", 200, "证件号码不对，没有收进来。请重新填一次。", "The ID number is not right and was not taken in. Enter it again."),
    Refusal(
        "identity_not_yours",
        200,
        "这个网点现在归别人负责，资料里的证件号码没有改。",
        "The outlet is another rep's now; the ID number in its file was left as it is.",
    ),
    Refusal("identity_older", 200, "资料里已有更新的证件号码，用那个。", "The file has a newer ID number already, which holds."),
    Refusal("outlet_removed", 200, "这个网点已经移除，改动等主管决定。", "The outlet was removed. A supervisor decides on the change."),
    Refusal(
        "possible_duplicate",
        200,
        "附近有名字相近的网点，可能是同一家，主管会核对。",
        "An outlet with a similar name is near; it may be the same one. A supervisor checks.",
    ),
    Refusal("outlet_reassigned", 200, "已收下；这个网点现在归别人负责。", "Received. The outlet is now another rep's."),
)
