pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// A conversation with an officer: who waits sees how long, who talks sees what was said, the latest at the end.
PageBase {
    id: root

    readonly property int count: root.page.lines.length
    readonly property int textSize: Theme.elder ? Sizes.body + 2 : 34

    used: column.used

    onCountChanged: Qt.callLater(column.toTheEnd)

    PagedColumn {
        id: column

        anchors.fill: parent
        fromTheEnd: root.count > 0

        Block {
            height: root.page.paragraphs.length ? card.implicitHeight : 0
            width: parent.width

            Card {
                id: card

                color: root.page.state === "late" ? Theme.warningTint : Theme.primaryTint
                implicitHeight: told.implicitHeight + 72
                width: parent.width

                RowLayout {
                    id: told

                    anchors.left: parent.left
                    anchors.leftMargin: Sizes.cardPadding
                    anchors.right: parent.right
                    anchors.rightMargin: Sizes.cardPadding
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: 32

                    Icon {
                        Layout.alignment: Qt.AlignTop
                        name: root.page.state === "late" ? "clock" : "user"
                        size: Theme.elder ? 96 : 80
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 20

                        Repeater {
                            model: root.page.paragraphs.length

                            Txt {
                                required property int index

                                Layout.fillWidth: true
                                font.pixelSize: root.textSize
                                leading: 1.5
                                text: root.page.paragraphs[index] ?? ""
                            }
                        }
                    }
                }
            }
        }
        Block {
            gapBefore: 24
            height: root.page.facts.length ? facts.implicitHeight : 0
            width: parent.width

            FactList {
                id: facts

                facts: root.page.facts
                width: parent.width
            }
        }
        Repeater {
            model: root.count

            Block {
                id: block

                required property int index
                readonly property var line: root.page.lines[block.index] ?? ({})
                readonly property bool mine: block.line.mine ?? false

                gapBefore: 20
                height: bubble.implicitHeight
                width: parent?.width ?? 0

                Card {
                    id: bubble

                    border.color: block.mine ? Theme.primary : Theme.line
                    color: block.mine ? Theme.primaryTint : Theme.surface
                    implicitHeight: words.implicitHeight + 48
                    width: Math.round(block.width * (Theme.elder ? 0.92 : 0.84))
                    x: block.mine ? block.width - width : 0

                    ColumnLayout {
                        id: words

                        anchors.left: parent.left
                        anchors.leftMargin: 32
                        anchors.right: parent.right
                        anchors.rightMargin: 32
                        anchors.verticalCenter: parent.verticalCenter
                        spacing: 8

                        Txt {
                            Layout.fillWidth: true
                            color: Theme.inkMuted
                            font.pixelSize: Theme.elder ? Sizes.note : 26
                            text: block.line.who ?? ""
                        }
                        Txt {
                            Layout.fillWidth: true
                            font.pixelSize: root.textSize
                            leading: 1.4
                            strong: true
                            text: block.line.title ?? ""
                            visible: text !== ""
                        }
                        Txt {
                            Layout.fillWidth: true
                            font.pixelSize: root.textSize
                            leading: 1.45
                            text: block.line.text ?? ""
                        }
                        Txt {
                            Layout.fillWidth: true
                            color: Theme.inkMuted
                            font.pixelSize: Theme.elder ? Sizes.note : 26
                            leading: 1.4
                            text: block.line.source ?? ""
                            visible: text !== ""
                        }
                        Loader {
                            Layout.fillWidth: true
                            Layout.topMargin: 8
                            active: !!block.line.opens
                            visible: active

                            sourceComponent: WayRow {
                                choice: block.line.opens ?? ({})

                                onClicked: Flow.choose(choice.id)
                            }
                        }
                    }
                }
            }
        }
        Block {
            everyPage: true
            gapBefore: 28
            height: root.page.quick.length ? quick.implicitHeight : 0
            width: parent.width

            GridLayout {
                id: quick

                columnSpacing: 16
                columns: Theme.elder ? 2 : 3
                rowSpacing: 16
                uniformCellWidths: true
                width: parent.width

                Repeater {
                    model: root.page.quick.length

                    SecondButton {
                        required property int index
                        readonly property var choice: root.page.quick[index] ?? ({})

                        Layout.fillHeight: true
                        Layout.fillWidth: true
                        Layout.preferredWidth: 100
                        blue: false
                        fontSize: Theme.elder ? Sizes.note + 4 : 30
                        implicitHeight: Theme.elder ? 96 : 88
                        objectName: "option:" + (choice.id ?? "")
                        text: choice.title ?? ""

                        onClicked: Flow.choose(choice.id)
                    }
                }
            }
        }
    }
}
