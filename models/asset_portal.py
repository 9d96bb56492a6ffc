import base64
import binascii
import io

from PIL import Image

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import is_html_empty, plaintext2html

from .occupancy import HAND_KINDS

# What a member's volunteers may say about an asset of their organisation.
PORTAL_FIELDS = {
    "name",
    "code",
    "category_id",
    "description",
    "private_instructions",
    "capacity",
    "price",
    "price_unit",
    "deposit_amount",
    "replacement_value",
    "approval",
    "policy_id",
    "street",
    "zip",
    "city",
    "circle_ids",
    "published",
    "is_public",
}
PHOTO_MEGABYTES = 10
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PHOTOS = 12


class AssetPortal(models.Model):
    """What volunteers do on the portal with the assets of their organisation.

    Every method checks for itself that the user acts for the owner or the custodian;
    then it works in superuser mode on what `PORTAL_FIELDS` allows.
    """

    _inherit = "ess.asset"

    # === WHO === #

    def _require_lender(self):
        """:return: the assets in superuser mode
        :raise AccessError: for whoever does not act for their owner or custodian
        """
        if not self._is_lender():
            raise AccessError(
                self.env._("Only the organisation that lends it may change this asset.")
            )
        return self.sudo()

    # === SAVING === #

    def _portal_save(self, vals):
        """Create (on an empty recordset) or change an asset from the portal.

        :return: the asset
        """
        vals = {name: value for name, value in vals.items() if name in PORTAL_FIELDS}
        vals = self._portal_clean(vals)
        if self:
            asset = self._require_lender()
            asset._check_federation_rules(vals)
            asset.write(vals)
        else:
            entity = self.env.user._ess_entity()
            if not entity:
                raise AccessError(
                    self.env._("Only a member organisation may share an asset.")
                )
            asset = self.sudo().create({**vals, "owner_id": entity.id})
        return asset.sudo(False)

    def _check_federation_rules(self, vals):
        """Where the federation answers requests, it also chooses the rules."""
        self.ensure_one()
        if self.approval != "federation":
            return
        present = {"approval": self.approval, "policy_id": self.policy_id.id}
        if any(
            name in vals and (vals[name] or False) != present[name] for name in present
        ):
            raise ValidationError(
                self.env._(
                    "Rules: the federation answers the requests for this asset, so it "
                    "alone changes who says yes and the booking rules. Ask it."
                )
            )

    def _portal_clean(self, vals):
        """Refuse what makes no sense, with the name of the field first."""
        vals = dict(vals)
        self._check_portal_code(vals.get("code"))
        if "name" in vals and not (vals["name"] or "").strip():
            raise ValidationError(self.env._("Name: say what it is."))
        if vals.get("capacity", 1) < 1:
            raise ValidationError(
                self.env._("How many: there is at least one, not %s.", vals["capacity"])
            )
        for name in ("price", "deposit_amount", "replacement_value"):
            if vals.get(name, 0) < 0:
                raise ValidationError(
                    self.env._("Amounts: %s is below zero.", vals[name])
                )
        for name in ("description", "private_instructions"):
            if name in vals:
                text = (vals[name] or "").strip()
                vals[name] = plaintext2html(text) if text else False
        for name in ("category_id", "policy_id"):
            if vals.get(name):
                model = self._fields[name].comodel_name
                vals[name] = self.env[model].sudo().browse(vals[name]).exists().id
        if "circle_ids" in vals:
            vals["circle_ids"] = [Command.set(self._portal_circles(vals["circle_ids"]))]
        return vals

    def _check_portal_code(self, code):
        """A code that is used already is said here, before the database refuses it."""
        company = self.sudo().company_id or self.env.company
        assets = self.sudo().with_context(active_test=False)
        if code and assets.search_count(
            [
                ("code", "=", code),
                ("company_id", "=", company.id),
                ("id", "not in", self.ids),
            ],
            limit=1,
        ):
            raise ValidationError(
                self.env._("Code: %s is the code of another asset already.", code)
            )

    def _portal_circles(self, circle_ids):
        """Circles to share in: the organisation's own, whose charter it accepted."""
        entity = self.env.user._ess_entity()
        mine, accepted = entity.ess_circle_ids, entity._ess_accepted_circles()
        wanted = mine.filtered(lambda circle: circle.id in set(circle_ids))
        pending = wanted - accepted - self.sudo().circle_ids
        if pending:
            raise ValidationError(
                self.env._(
                    "Circles: your organisation has not accepted the charter of "
                    "%(circle)s yet; accept it on the page of your organisation.",
                    circle=pending[0].name,
                )
            )
        if not wanted:
            raise ValidationError(
                self.env._("Circles: choose at least one to share it in.")
            )
        # circles of the asset that are not the volunteer's business stay
        return (wanted | (self.sudo().circle_ids - mine)).ids

    # === PHOTOS === #

    def _portal_add_photos(self, files):
        """Add photos after a look at what they really are.

        :param list files: (file name, bytes)
        :raise ValidationError: names the file, and says what is wrong with it
        """
        asset = self._require_lender()
        vals_list = []
        for name, raw in files:
            self._check_photo(name, raw)
            vals_list.append(
                {"asset_id": asset.id, "image_1920": base64.b64encode(raw)}
            )
        if len(asset.photo_ids) + len(vals_list) > MOST_PHOTOS:
            raise ValidationError(
                self.env._("Photos: an asset has %s at most.", MOST_PHOTOS)
            )
        photos = self.env["ess.asset.photo"].sudo().create(vals_list)
        if photos and not asset.image_1920:
            asset.image_1920 = photos[0].image_1920
        return photos.sudo(False)

    @api.model
    def _check_photo(self, name, raw):
        if len(raw) > PHOTO_MEGABYTES * 1024 * 1024:
            raise ValidationError(
                self.env._(
                    "Photos: %(name)s weighs %(size)s MB, at most %(most)s MB are "
                    "taken. A phone's photo in medium size is enough.",
                    name=name,
                    size=len(raw) // (1024 * 1024),
                    most=PHOTO_MEGABYTES,
                )
            )
        try:
            with Image.open(io.BytesIO(raw)) as image:
                known = image.format in PHOTO_FORMATS
                image.verify()
        except (OSError, SyntaxError, ValueError, binascii.Error):
            known = False
        except Image.DecompressionBombError:
            known = False
        if not known:
            raise ValidationError(
                self.env._(
                    "Photos: %(name)s is not a photo that can be shown; take a JPEG, "
                    "PNG, WebP or GIF file.",
                    name=name,
                )
            )

    def _portal_photo(self, photo_id, act):
        """Delete a photo of this asset (`delete`), or make it the first (`main`)."""
        asset = self._require_lender()
        photo = asset.photo_ids.filtered(lambda one: one.id == photo_id)
        if not photo:
            raise UserError(self.env._("Photos: this one is not there any more."))
        if act == "delete":
            was_main = photo == asset.photo_ids[:1]
            photo.unlink()
            if was_main:
                asset.image_1920 = asset.photo_ids[:1].image_1920
        elif act == "main":
            photo.sequence = min(asset.photo_ids.mapped("sequence")) - 1
            asset.image_1920 = photo.image_1920

    # === CLOSURES === #

    def _portal_closures(self):
        """Times that the lender took by hand and that are not over.

        :rtype: recordset of ess.occupancy, in superuser mode
        """
        asset = self._require_lender()
        return (
            self.env["ess.occupancy"]
            .sudo()
            .search(
                [
                    ("asset_id", "=", asset.id),
                    ("kind", "in", HAND_KINDS),
                    ("parent_id", "=", False),
                    ("stop", ">", fields.Datetime.now()),
                ]
            )
        )

    def _portal_close(self, kind, start, stop, quantity=1, note=None):
        """Take time of the asset for maintenance, a closure or the lender's own use.

        :raise NotFree: when somebody was promised this time
        """
        asset = self._require_lender()
        if kind not in HAND_KINDS:
            raise ValidationError(self.env._("Reason: choose one of the list."))
        with self.env.cr.savepoint():
            return (
                self.env["ess.occupancy"]
                .sudo()
                .create(
                    {
                        "asset_id": asset.id,
                        "kind": kind,
                        "start": start,
                        "stop": stop,
                        "quantity": quantity,
                        "note": note or False,
                    }
                )
            )

    def _portal_reopen(self, occupancy_id):
        """Give back time that was taken by hand."""
        row = self._portal_closures().filtered(lambda one: one.id == occupancy_id)
        if not row:
            raise UserError(self.env._("This closure is not there any more."))
        row.unlink()

    # === LISTS === #

    def _portal_now_and_next(self):
        """Who has each asset now, and who comes next, in one query.

        :return: {asset id: {'now': bookings, 'next': booking or empty}}
        """
        self._require_lender()
        now = fields.Datetime.now()
        bookings = (
            self.env["ess.booking"]
            .sudo()
            .search(
                [
                    ("asset_id", "in", self.ids),
                    "|",
                    ("state", "=", "ongoing"),
                    "&",
                    ("state", "=", "confirmed"),
                    ("stop", ">", now),
                ],
                order="start, id",
            )
        )
        empty = bookings.browse()
        found = {asset_id: {"now": empty, "next": empty} for asset_id in self.ids}
        for booking in bookings:
            entry = found[booking.asset_id.id]
            if booking.state == "ongoing" or booking.start <= now:
                entry["now"] |= booking
            elif not entry["next"]:
                entry["next"] = booking
        return found

    def _has_text(self, name):
        self.ensure_one()
        return not is_html_empty(self.sudo()[name])
