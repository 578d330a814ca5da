pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Not possible, not eligible, or a problem: what, why, what to do next.
PageBase {
    id: root

    readonly property string tone: root.page.tone

    PagedColumn {
        anchors.fill: parent

        Block {
            height: errors.implicitHeight
            width: parent.width

            ErrorSummary {
                id: errors

                errors: root.page.errors
                width: parent.width
            }
        }
        Block {
            height: card.implicitHeight
            width: parent.width

            Rectangle {
                id: card

                border.color: root.tone === "problem" ? Theme.warning : Theme.line
                border.width: root.tone === "problem" ? 3 : 2
                color: root.tone === "problem" ? Theme.warningTint : root.tone === "refused" ? Theme.surface : Theme.primaryTint
                implicitHeight: told.implicitHeight + 88
                radius: Sizes.radiusCard
                width: parent.width

                RowLayout {
                    id: told

                    anchors.left: parent.left
                    anchors.leftMargin: 44
                    anchors.right: parent.right
                    anchors.rightMargin: 44
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: 40

                    Icon {
                        Layout.alignment: Qt.AlignTop
                        accent: color
                        color: root.tone === "problem" ? Theme.warningInk : Theme.primary
                        name: root.tone === "problem" ? "warn" : root.tone === "refused" ? "pause" : "info"
                        size: Theme.elder ? 104 : 92
                        stroke: 2.6
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 20

                        Repeater {
                            model: root.page.body.length

                            Txt {
                                required property int index

                                Layout.fillWidth: true
                                font.pixelSize: Theme.elder ? Sizes.body + 2 : 34
                                leading: 1.5
                                strong: index === 0 && root.page.body.length > 1
                                text: root.page.body[index] ?? ""
                            }
                        }
                    }
                }
            }
        }
        Block {
            gapBefore: 32
            height: facts.implicitHeight
            width: parent.width

            FactList {
                id: facts

                facts: root.page.incident ? root.page.facts.concat([[Words.t["message.incident"], root.page.incident]]) : root.page.facts
                width: parent.width
            }
        }
    }
}
